import type { Kysely } from 'kysely'
import type { Clock } from '#lib/clock.ts'
import type { Write, WriteTable } from './batch.ts'
import type { Tables } from './schema.ts'
import type { BatchRunner } from './write.ts'

/** What a database says of itself. `bytes`: how much room it takes. */
export interface DatabaseFacts {
  kind: 'sqlite' | 'postgres'
  version: string
  bytes: number
}

/** What a kind of database does for the store; everything else is the same for all. */
export interface Database {
  /** Which incarnation of the database this is [F8]. */
  readonly epoch: string
  readonly runner: BatchRunner
  /** Writes of one lane run one after the other, lanes beside each other [W4]. */
  laneOf(write: Write): string
  /** Runs queries on one snapshot. */
  read<T>(read: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** The epoch of what is there now, in a snapshot of {@link read}; null: that is not known. */
  epochNow(db: Kysely<Tables>): Promise<string | null>
  /** Rejects with a Refusal where what is there now takes no writes. */
  requireWritable(): Promise<void>
  facts(): Promise<DatabaseFacts>
  /** Resolves once it takes writes; rejects when it never will. */
  ready(): Promise<void>
  /** Takes nothing more to write. */
  stop(): void
  /** Lets go of what the reading holds; the runner is closed by itself. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  writes: WriteTable
  clock: Clock
  /** Whoever was at work there when a newer Belfry migrated it goes on with what that has left in place; others refuse it. */
  mayBeNewer?: boolean
  /** Somebody else has committed. */
  onMoved?(): void
  /** What is there now is another incarnation than the one that was opened [F8]. Told each time that it is found. */
  onReplaced?(): void
  /** A mistake of ours or of the disk, in words for the log. */
  onFailure(failure: string): void
}
