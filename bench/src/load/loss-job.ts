/** What is asked of a process whose people lose their connections, and what it answers. */

/** How they lose them: each is cut again and again, all of them in turn; the server is restarted under everybody; or the nodes behind a proxy are, one after the other. */
export type Losses = Cuts | { is: 'restart' } | { is: 'rolling' }

export interface Cuts {
  is: 'cuts'
  /** Each follower. */
  times: number
  everyMs: number
  forMs: number
}

/** Whoever is not there by then has given up, or was given up. */
export const THERE_WITHIN_MS = 60_000
/** What has not come by then, once nothing is posted any more, was not delivered. */
export const TOLD_WITHIN_MS = 60_000

export interface LossJob {
  port: number
  /** By TLS, to whom this certificate (PEM) is. */
  ca?: string
  /** Of signed-in people: one for each follower, and behind them one for each sender. */
  tokens: string[]
  room: string
  followers: number
  senders: number
  /** Each sender. */
  postEveryMs: number
  losses: Losses
}

/** Told to the process when the server listens again, or the last of the nodes does. Milliseconds since 1970. */
export interface Restarted {
  listensAt: number
}

/** What followers were told, they were told once, in order, and all of them the same: otherwise there is no answer. */
export interface LossResult {
  /**
   * Of those who came back, smallest first. After a cut: from a follower's hello until it had all that it missed. After a restart: from when the server listened until a
   * follower was live again. Node after node: from each loss until it was live again.
   */
  tookMs: number[]
  /** Messages that were acknowledged and that a follower was not told, of all followers together. */
  notDelivered: number
  /** Followers. */
  gaveUp: number
  /** How often somebody who came back was not let in. */
  turnedAway: number
}
