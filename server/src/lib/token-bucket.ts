import type { Clock } from './clock.ts'

/** So many keys are remembered; beyond that, the one that was used longest ago is let go. */
const KEYS_MAX = 100_000

/** How often something may happen, for each key: `burst` at once, then `perSecond`. */
export class TokenBucket {
  readonly #rate: { burst: number; perSecond: number }
  readonly #clock: Clock
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(rate: { burst: number; perSecond: number }, clock: Clock) {
    this.#rate = rate
    this.#clock = clock
  }

  /** Takes tokens, at most the whole burst at once. Answers 0, or after how many milliseconds there will be enough. */
  take(key: string, tokens = 1): number {
    const bucket = this.#refilled(key)
    const wanted = Math.min(tokens, this.#rate.burst)
    if (bucket.tokens < wanted) return Math.ceil(((wanted - bucket.tokens) / this.#rate.perSecond) * 1000)
    bucket.tokens -= wanted
    return 0
  }

  giveBack(key: string): void {
    const bucket = this.#refilled(key)
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + 1)
  }

  /** Set anew each time, so that the map's own order says which was used longest ago. */
  #refilled(key: string): { tokens: number; at: number } {
    const now = this.#clock.now()
    const held = this.#buckets.get(key)
    const tokens = held ? Math.min(this.#rate.burst, held.tokens + ((now - held.at) / 1000) * this.#rate.perSecond) : this.#rate.burst
    const bucket = { tokens, at: now }
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > KEYS_MAX) this.#buckets.delete(this.#buckets.keys().next().value!)
    return bucket
  }
}
