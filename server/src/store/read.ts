import type { Kysely } from 'kysely'
import type { Actor } from './batch.ts'
import type { Tables } from './schema.ts'

/** A read for one person, on one snapshot. What it answers says the seq at which it was read, of the topic whose rows it holds [F6]. */
export interface Read<Input = unknown> {
  input: Input
  actor: Extract<Actor, { is: 'person' }>
}

export type ReadFunction<Input, Result> = (db: Kysely<Tables>, read: Read<Input>) => Promise<Result>
