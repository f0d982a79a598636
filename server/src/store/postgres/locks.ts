import type { Topic } from '@belfry/protocol/topics.ts'
import { type Kysely, sql } from 'kysely'
import { chunks } from '#lib/chunks.ts'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import type { Tables } from '#store/schema.ts'
import type { Locks } from '#store/tx.ts'

const TOPICS_A_STATEMENT = 1_000

/** Locks of rows, held to the end of the transaction. */
export const rowLocks: Locks = {
  lock: lockTopics,
  unclaimed: (query) => query.forUpdate().skipLocked() as typeof query,
}

/** In the order of their names, so that two that want the same ones never wait for each other [W7]. */
async function lockTopics(db: Kysely<Tables>, topics: Topic[]): Promise<void> {
  const sorted = [...new Set(topics)].toSorted()
  const locked = await lockCounters(db, sorted)
  if (locked.size === sorted.length) return
  // Of what has no row yet the name is locked: a row made for the lock would outlive a refusal. Whoever held the name may have made one.
  for (const topic of sorted) if (!locked.has(topic)) await lockName(db, topic)
  await lockCounters(db, sorted)
}

/** Answers those that there are. */
async function lockCounters(db: Kysely<Tables>, topics: Topic[]): Promise<Set<string>> {
  const locked = new Set<string>()
  for (const some of chunks(topics, TOPICS_A_STATEMENT)) for (const { topic } of await lockThose(db, rounded(some))) locked.add(topic)
  return locked
}

const lockThose = compiledOnce((db, topics: string[]) =>
  db.selectFrom('topics').select('topic').where('topic', 'in', topics).orderBy('topic').forUpdate(),
)

/** Locks what has no row by its name, to the end of the transaction. */
export async function lockName(db: Kysely<Tables>, name: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db)
}
