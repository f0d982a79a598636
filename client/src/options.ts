import type { Keep } from './kept.ts'
import type { World } from './world.ts'

export interface BelfryOptions {
  /** The server's origin: `http://localhost:8000`. */
  url: string
  /** A session's token, where no cookie does it. */
  token?: string
  /** The user's id, when known: then what is kept of this account is there before the server answers. */
  account?: string
  /** Keeps rows, positions and the outbox per account; without it, they live as long as the page. */
  keep?: Keep
  /** Rooms to follow from the first `hello` on, in one round trip, and for as long as the connection lasts. */
  rooms?: string[]
  /** How many messages of a room are held at most: 600 unless said otherwise. The others are loaded when they are asked for. */
  heldMax?: number
  /** Tests bring their own. */
  world?: Partial<World>
}
