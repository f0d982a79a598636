import type { Announcement } from './announcement.ts'
import type { Signal } from './signal.ts'

/**
 * Carries announcements between nodes. By contract it may lose, repeat and reorder them, and it may be late: followers of a topic
 * notice by its seq and read from the database what they missed. It never invents one.
 */
export interface Bus extends AsyncDisposable {
  /** Whether what nodes say arrives. As long as it does not, feeds are compared with the database all the time [F4]. */
  readonly isAlive: boolean
  /** How often something may have been lost until now. Whoever sees it grow compares once more. */
  readonly lapses: number
  readonly stats: BusStats
  publish(announcements: Announcement[]): void
  /** One listener a node. */
  listen(listener: (announcement: Announcement) => void): void
  /** What is fleeting goes the same way, to the node that says it too. Nothing brings back what is lost of it: who needs it says it again. */
  signal(signal: Signal): void
  listenForSignals(listener: (signal: Signal) => void): void
}

export interface BusStats {
  /** Sent to other nodes. */
  messages: number
  /** Not sent, because they could not be: a hint more or less. */
  dropped: number
}
