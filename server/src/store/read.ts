import type { Kysely } from 'kysely'
import type { Actor } from './batch.ts'
import type { Tables } from './schema.ts'
import type { DatabaseFacts } from './database.ts'

/** What a node knows of itself. */
export interface NodeFacts {
  version: string
  /** Of Node. */
  node: string
  startedAt: number
  database: DatabaseFacts
  /** Sockets and streams that are signed in. */
  connections: number
}

/** A read for one person (or, where anyone may, for nobody), on one snapshot. What it answers says the seq at which it was read, of the topic whose rows it holds [F6]. */
export interface Read<Input = unknown> {
  input: Input
  actor: Extract<Actor, { is: 'person' }>
  now: number
  facts(): Promise<NodeFacts>
}

export type ReadFunction<Input, Result> = (db: Kysely<Tables>, read: Read<Input>) => Promise<Result>
