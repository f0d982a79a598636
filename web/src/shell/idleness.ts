/** A device that nobody has used for so long is idle. */
export const IDLE_AFTER_MS = 5 * 60_000

/** What it needs to know the time. */
interface Time {
  now(): number
  /** Returns how to call it off. */
  after(ms: number, run: () => void): () => void
}

/** Whether somebody uses this device, by when they last did something there. */
export class Idleness {
  readonly #time: Time
  readonly #tell: (isIdle: boolean) => void
  #actedAt: number
  /** Null while it is idle. */
  #stopTimer: (() => void) | null = null

  constructor(time: Time, tell: (isIdle: boolean) => void) {
    this.#time = time
    this.#tell = tell
    this.#actedAt = time.now()
    this.#wait()
  }

  acted(): void {
    this.#actedAt = this.#time.now()
    if (this.#stopTimer) return
    this.#tell(false)
    this.#wait()
  }

  close(): void {
    this.#stopTimer?.()
  }

  /** One timer runs out and finds that somebody was there meanwhile, instead of a new one for each move of the pointer. */
  #wait(): void {
    const leftMs = this.#actedAt + IDLE_AFTER_MS - this.#time.now()
    this.#stopTimer = leftMs > 0 ? this.#time.after(leftMs, () => this.#wait()) : null
    if (leftMs <= 0) this.#tell(true)
  }
}
