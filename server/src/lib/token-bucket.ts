import type { Clock } from './clock.ts'

/** So many keys are remembered; beyond that, those that are full again are let go. */
const KEYS_MAX = 10_000

/** How often something may happen, for each key: `burst` at once, then `perSecond`. */
export class TokenBucket {
  readonly #rate: { burst: number; perSecond: number }
  readonly #clock: Clock
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(rate: { burst: number; perSecond: number }, clock: Clock) {
    this.#rate = rate
    this.#clock = clock
  }

  /** Takes one token. Answers 0, or after how many milliseconds there will be one. */
  take(key: string): number {
    const bucket = this.#refilled(key)
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / this.#rate.perSecond) * 1000)
    bucket.tokens -= 1
    return 0
  }

  #refilled(key: string): { tokens: number; at: number } {
    const now = this.#clock.now()
    const held = this.#buckets.get(key)
    const tokens = held ? Math.min(this.#rate.burst, held.tokens + ((now - held.at) / 1000) * this.#rate.perSecond) : this.#rate.burst
    if (!held && this.#buckets.size >= KEYS_MAX) this.#forgetFull(now)
    const bucket = { tokens, at: now }
    this.#buckets.set(key, bucket)
    return bucket
  }

  #forgetFull(now: number): void {
    const fullAfterMs = (this.#rate.burst / this.#rate.perSecond) * 1000
    for (const [key, bucket] of this.#buckets) if (now - bucket.at >= fullAfterMs) this.#buckets.delete(key)
  }
}
