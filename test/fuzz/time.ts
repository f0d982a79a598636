interface Due {
  at: number
  order: number
  run(): void
}

/** Time that passes only here. Between two moments the processes get a few turns of the loop, as many as `turnsBetween` says. */
export class Time {
  #now = Date.now()
  #order = 0
  readonly #due = new Set<Due>()
  readonly #turnsBetween: () => number

  constructor(turnsBetween: () => number) {
    this.#turnsBetween = turnsBetween
  }

  readonly now = (): number => this.#now

  readonly after = (ms: number, run: () => void): (() => void) => {
    const due = { at: this.#now + ms, order: this.#order++, run }
    this.#due.add(due)
    return () => void this.#due.delete(due)
  }

  async passes(ms: number): Promise<void> {
    const until = this.#now + ms
    for (let due = this.#first(until); due; due = this.#first(until)) {
      this.#due.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
      for (let turns = this.#turnsBetween(); turns > 0; turns--) await turn()
    }
    this.#now = until
    for (let turns = 0; turns < 20; turns++) await turn()
  }

  #first(until: number): Due | null {
    let first: Due | null = null
    for (const due of this.#due) {
      if (due.at <= until && (!first || due.at < first.at || (due.at === first.at && due.order < first.order))) first = due
    }
    return first
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
