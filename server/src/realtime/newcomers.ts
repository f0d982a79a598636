import { Refusal } from '#lib/refusal.ts'
import type { TopicPosition } from './catch-up.ts'
import type { Connection } from './connection.ts'

/** Beyond these, who begins to follow is told to come again [P4]. */
const WAITING_MAX = 20_000
/** So many begin to follow in one turn. */
const A_TURN_MAX = 64

/** Somebody who begins to follow, from a position or from the start, and how they learn whether they do. */
export interface Newcomer {
  connection: Connection
  position: TopicPosition | null
  resolve(follows: boolean): void
  reject(error: unknown): void
}

/** Who waits to be told of one topic. */
export class Newcomers {
  readonly #waiting: Newcomer[] = []

  /** Resolves when they have begun to follow, or with false when they do not. Refusal: busy. */
  async add(connection: Connection, position: TopicPosition | null): Promise<boolean> {
    if (this.#waiting.length >= WAITING_MAX) throw new Refusal('busy', 'Too many begin to follow this at once.', { retryAfterMs: 1_000 })
    return new Promise((resolve, reject) => void this.#waiting.push({ connection, position, resolve, reject }))
  }

  /** Those who have waited longest, without whoever has changed their mind. */
  take(isWanted: (connection: Connection) => boolean): Newcomer[] {
    return this.#waiting.splice(0, A_TURN_MAX).filter(({ connection, resolve }) => {
      if (isWanted(connection)) return true
      resolve(false)
      return false
    })
  }
}
