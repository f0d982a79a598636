export type Turn = () => void | Promise<void>

/** What is done one after the other, in order. */
export class Turns {
  readonly #waiting: Turn[] = []
  readonly #on: { failure(error: unknown): void; idle(): void }
  #isBusy = false

  constructor(on: { failure(error: unknown): void; idle(): void }) {
    this.#on = on
  }

  /** How many wait. */
  get length(): number {
    return this.#waiting.length
  }

  get isIdle(): boolean {
    return !this.#isBusy && this.#waiting.length === 0
  }

  /** Runs at once when nothing else does, so that an ordinary turn costs no promise. */
  take(turn: Turn): void {
    this.#waiting.push(turn)
    if (!this.#isBusy) this.#run()
  }

  #run(): void {
    let turn = this.#waiting.shift()
    while (turn) {
      this.#isBusy = true
      const running = this.#begin(turn)
      if (running) return void running.catch((error: unknown) => this.#on.failure(error)).then(() => this.#run())
      turn = this.#waiting.shift()
    }
    this.#isBusy = false
    this.#on.idle()
  }

  /** A turn that fails must not hold up those after it. */
  #begin(turn: Turn): void | Promise<void> {
    try {
      return turn()
    } catch (error) {
      this.#on.failure(error)
    }
  }
}
