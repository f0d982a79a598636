import type { Size } from './sites/town.ts'

/** What a run is made of. It goes on until both its time and its deliveries are reached, or it stands still. */
export interface Plan {
  seed: number
  nodes: number
  minutes: number
  deliveries: number
  size: Size
  /** Each screen does something once in so many milliseconds. */
  actsEveryMs: number
  /** So often somebody loses their connection, whatever else happens: that spreads them over the nodes again. */
  cutsEveryMs: number
  /** The operator does something that often. */
  operatesEveryMs: number
  /** Whether people's devices change each other's messages, and whoever writes is moved: what is refused then may wait half a minute for its last word. */
  isContested: boolean
  /** So long passes between two faults, and so long one lasts, at most. */
  faults: { everyMs: number; lastMs: number }
  /** Those alone whose names begin so; null: all that are possible. */
  only: string[] | null
  /** It stands still when nothing was acknowledged for so long, though people write all the time, or when nothing is healed for so long once they do not. */
  stillAfterMs: number
  /** Everything comes to rest within this time; it may need half a minute to know that an attempt without an answer is over. */
  calmWithinMs: number
  /** So many accounts are disabled, one after the other. */
  disabled: number
}

/** On two processors, with the nodes beside it, some thousand deliveries a second. */
export const WHOLE: Omit<Plan, 'seed' | 'nodes' | 'minutes' | 'deliveries'> = {
  // Longer than a backup takes to be put back.
  stillAfterMs: 300_000,
  size: { writers: 10, screensEach: 2, readers: 40, followersEach: 4, openRooms: 2, closedRooms: 3 },
  actsEveryMs: 300,
  cutsEveryMs: 250,
  operatesEveryMs: 250,
  isContested: true,
  faults: { everyMs: 8_000, lastMs: 8_000 },
  only: null,
  calmWithinMs: 120_000,
  disabled: 4,
}

/** Within seconds: what a test can wait for. */
export const SHORT: typeof WHOLE = {
  size: { writers: 5, screensEach: 2, readers: 6, followersEach: 2, openRooms: 1, closedRooms: 2 },
  actsEveryMs: 150,
  cutsEveryMs: 500,
  operatesEveryMs: 60,
  isContested: false,
  faults: { everyMs: 1_200, lastMs: 800 },
  only: null,
  stillAfterMs: 60_000,
  calmWithinMs: 60_000,
  disabled: 1,
}
