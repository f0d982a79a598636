import { KeptOutbox } from '@belfry/client/kept-outbox.ts'
import { kept } from './kept.ts'

/** How much of an account waits in this browser, of all its tabs: what was written, changed, deleted or marked, and refused things too. */
export function waitingChanges(userId: string): number {
  const entries = new KeptOutbox(kept, userId).read()
  // That something was looked at is not a loss to warn of.
  return entries.filter((entry) => entry.name !== 'notification.mark-all' || entry.input.set.read === true).length
}
