import type { Spell } from '#checker/conductor.ts'
import type { Event } from '#checker/record/journal.ts'
import type { Told } from '#checker/record/told.ts'
import type { Memberships } from '#checker/workload/memberships.ts'
import type { Rung } from '#checker/workload/operator.ts'
import type { Database } from './database.ts'
import type { Era } from './eras.ts'

/** One client, and what happened to it. */
export interface ClientHistory {
  name: string
  userId: string
  sessionId: string
  /** Its person was shut out meanwhile: what it did not send, or was not told, is no loss. */
  isOver: boolean
  /** Read when it is judged: all together may be much. */
  events(): Iterable<Event>
}

/** An era of a run, as it is judged; of clients and frames it has those of all eras. */
export interface History extends Era {
  clients: ClientHistory[]
  frames: Told[]
  /** As it was when the era ended. */
  database: Database
  memberships: Pick<Memberships, 'gapAt' | 'mayRead' | 'isToldOf'>
  /** What was rung, as it was answered. */
  rung: Rung[]
  /** By person, when it was answered that their account is disabled. */
  disabled: ReadonlyMap<string, number>
  /** When lines to clients lost what the nodes said: holes are no fault of theirs then. */
  lossy: readonly Spell[]
}
