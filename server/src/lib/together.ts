interface Waiting<Ask, Answer> {
  ask: Ask
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** Under way at a time: of more, each has less to answer. Of 168 people who came back from a node that died, one was welcomed after 70 instead of 210 ms. */
const LOOKS_MAX = 2
/** A look that takes longer hangs, as where a database is away: the next ones do not wait for it. */
const HANGS_AFTER_MS = 250

/** What is asked in one turn of the loop, or while looks are under way, is answered by one look: of many who come at once, each costs little more than nothing. */
export class Together<Ask, Answer> {
  /** Answers in the order of what is asked. */
  readonly #look: (asks: Ask[]) => Promise<Answer[]>
  readonly #waiting: Waiting<Ask, Answer>[] = []
  readonly #atOnce: number
  #looksSoon = false
  #looking = 0

  /** `atOnce`: so many are answered by one look; others get their turn of the loop before the next. */
  constructor(atOnce: number, look: (asks: Ask[]) => Promise<Answer[]>) {
    this.#atOnce = atOnce
    this.#look = look
  }

  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, resolve, reject })
      this.#lookSoon()
    })
  }

  #lookSoon(): void {
    if (this.#looksSoon || this.#looking >= LOOKS_MAX) return
    this.#looksSoon = true
    setImmediate(() => {
      this.#looksSoon = false
      void this.#answer(this.#waiting.splice(0, this.#atOnce))
      if (this.#waiting.length > 0) this.#lookSoon()
    })
  }

  async #answer(waiting: Waiting<Ask, Answer>[]): Promise<void> {
    const leave = this.#takePlace()
    const hangs = setTimeout(leave, HANGS_AFTER_MS)
    try {
      const answers = await this.#look(waiting.map(({ ask }) => ask))
      for (const [at, { resolve }] of waiting.entries()) resolve(answers[at]!)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    } finally {
      clearTimeout(hangs)
      leave()
    }
  }

  /** Among those that are under way; answers how to leave it. */
  #takePlace(): () => void {
    let isTaken = true
    this.#looking += 1
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#looking -= 1
      if (this.#waiting.length > 0) this.#lookSoon()
    }
  }
}
