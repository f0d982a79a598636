import { NoConnection } from './trouble.ts'

/** Whoever waits longer is told to come again: a server that stands still holds nobody up for ever, and one that is slow only serves whom it can [P4]. */
export const WAITS_AT_MOST_MS = 10_000
/** Beyond these, whoever comes is told so at once [P4]. */
const WAITING_MAX = 10_000

/** Lets so many in at a time; whoever comes later waits until somebody leaves. */
export class Turnstile {
  readonly #max: number
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>()
  #inside = 0

  constructor(max: number) {
    this.#max = max
  }

  async enter(): Promise<void> {
    if (this.#inside < this.#max) return void (this.#inside += 1)
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
    const [next] = this.#waiting
    if (!next) return void (this.#inside -= 1)
    this.#waiting.delete(next)
    next()
  }
}
