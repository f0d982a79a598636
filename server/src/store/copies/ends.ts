import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** Where a copy comes from. */
export interface Source {
  /** In words; never a password. */
  readonly name: string
  /** Runs queries on one snapshot, for as long as that takes; nothing is written. */
  read<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>
}

/** An empty place for a copy. */
export interface Target {
  readonly name: string
  /** All that `work` has stored is there afterwards; or, when it rejects, nothing. */
  fill<T>(work: (place: Place) => Promise<T>): Promise<T>
}

/** A place while it is filled. */
export interface Place {
  db: Kysely<Tables>
  /** Makes the tables as they were at this version of the schema. */
  migrate(version: string): Promise<void>
}
