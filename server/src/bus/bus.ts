import type { Announcement } from './announcement.ts'
import type { Signal } from './signal.ts'

/**
 * Carries announcements between nodes. By contract it may lose, repeat and reorder them, and it may be late: followers of a topic
 * notice by its seq and read from the database what they missed. It never invents one.
 */
export interface Bus extends AsyncDisposable {
  publish(announcements: Announcement[]): void
  /** One listener a node. */
  listen(listener: (announcement: Announcement) => void): void
  /** What is fleeting goes the same way, to the node that says it too. Nothing brings back what is lost of it: who needs it says it again. */
  signal(signal: Signal): void
  listenForSignals(listener: (signal: Signal) => void): void
}
