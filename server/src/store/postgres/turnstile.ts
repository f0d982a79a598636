import { NoConnection } from './trouble.ts'

/** Whoever waits longer is told to come again: a server that stands still holds nobody up for ever, and one that is slow only serves whom it can [P4]. */
export const WAITS_AT_MOST_MS = 10_000
/** Beyond these, whoever comes is told so at once [P4]. */
const WAITING_MAX = 10_000
/** Narrowed, it lets one more in each time: whether more get on by now. */
export const WIDENS_EVERY_MS = 500

/** Lets so many in at a time; whoever comes later waits until somebody leaves. Moments are those of performance.now(). */
export class Turnstile {
  readonly #max: number
  /** How many it lets in now. */
  #width: number
  #widening: NodeJS.Timeout | null = null
  /** Each in the order in which they came; those who were in already go first. */
  readonly #again = new Set<() => void>()
  readonly #waiting = new Set<() => void>()
  #inside = 0

  constructor(max: number) {
    this.#max = max
    this.#width = max
  }

  /** Rejects at that moment. */
  async enter(lateAt: number): Promise<void> {
    if (this.#inside < this.#width) return void (this.#inside += 1)
    if (this.#waiting.size >= WAITING_MAX) throw new NoConnection('too many wait for a connection')
    await waitsIn(this.#waiting, lateAt)
  }

  /** Whoever got no further gives way to those who did, and is the next: only `width` are let in for a while, one at least. Rejects at that moment, and is out then. */
  async stepBack(width: number, lateAt: number): Promise<void> {
    this.#width = width
    if (this.#widening === null) this.#widening = this.#widensLater()
    const next = waitsIn(this.#again, lateAt)
    this.leave()
    await next
  }

  leave(): void {
    this.#inside -= 1
    this.#admit()
  }

  #widensLater(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#width += 1
      this.#widening = this.#width < this.#max ? this.#widensLater() : null
      this.#admit()
    }, WIDENS_EVERY_MS).unref()
  }

  #admit(): void {
    for (const queue of [this.#again, this.#waiting])
      for (const next of queue) {
        if (this.#inside >= this.#width) return
        queue.delete(next)
        this.#inside += 1
        next()
      }
  }
}

async function waitsIn(queue: Set<() => void>, lateAt: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const late = setTimeout(() => {
    queue.delete(resolve)
    reject(new NoConnection(`no connection came free within ${WAITS_AT_MOST_MS} ms`))
  }, lateAt - performance.now())
  queue.add(resolve)
  await promise.finally(() => clearTimeout(late))
}
