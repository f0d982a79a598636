interface Waiting<Ask, Answer> {
  ask: Ask
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** What is asked in one turn of the loop is answered by one look: of many who come at once, each costs little more than nothing. */
export class Together<Ask, Answer> {
  /** Answers in the order of what is asked. */
  readonly #look: (asks: Ask[]) => Promise<Answer[]>
  readonly #waiting: Waiting<Ask, Answer>[] = []
  readonly #atOnce: number
  #looksSoon = false

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
    if (this.#looksSoon) return
    this.#looksSoon = true
    setImmediate(() => {
      this.#looksSoon = false
      void this.#answer(this.#waiting.splice(0, this.#atOnce))
      if (this.#waiting.length > 0) this.#lookSoon()
    })
  }

  async #answer(waiting: Waiting<Ask, Answer>[]): Promise<void> {
    try {
      const answers = await this.#look(waiting.map(({ ask }) => ask))
      for (const [at, { resolve }] of waiting.entries()) resolve(answers[at]!)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }
}
