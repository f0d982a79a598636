import { NoConnection } from './trouble.ts'

/** Whoever waits longer is told to come again: a server that stands still holds nobody up for ever, and one that is slow only serves whom it can [P4]. */
export const WAITS_AT_MOST_MS = 10_000
/** Beyond these, whoever comes is told so at once [P4]. */
const WAITING_MAX = 10_000
/** So long it stays narrow; then it is tried whether more get on by now. */
const WIDENS_AFTER_MS = 1_000

/** Lets so many in at a time; whoever comes later waits until somebody leaves. */
export class Turnstile {
  readonly #max: number
  /** How many it lets in now. */
  #width: number
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>()
  #inside = 0

  constructor(max: number) {
    this.#max = max
    this.#width = max
  }

  async enter(): Promise<void> {
    if (this.#inside < this.#width) return void (this.#inside += 1)
    if (this.#waiting.size >= WAITING_MAX) throw new NoConnection('too many wait for a connection')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const late = setTimeout(() => {
      this.#waiting.delete(resolve)
      reject(new NoConnection(`no connection came free within ${WAITS_AT_MOST_MS} ms`))
    }, WAITS_AT_MOST_MS)
    this.#waiting.add(resolve)
    await promise.finally(() => clearTimeout(late))
  }

  leave(): void {
    this.#inside -= 1
    this.#admit()
  }

  /** Lets only so many in for a while: fewer than ever, and one at least. */
  narrow(width: number): void {
    if (this.#width === this.#max) setTimeout(() => this.#widen(), WIDENS_AFTER_MS).unref()
    this.#width = width
  }

  #widen(): void {
    this.#width = this.#max
    this.#admit()
  }

  #admit(): void {
    for (const next of this.#waiting) {
      if (this.#inside >= this.#width) return
      this.#waiting.delete(next)
      this.#inside += 1
      next()
    }
  }
}
