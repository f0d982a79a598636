import type { Topic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'
import type { Locks } from '#store/tx.ts'

/** Locks of rows, held to the end of the transaction. */
export const rowLocks: Locks = {
  lock: lockTopics,
  unclaimed: (query) => query.forUpdate().skipLocked() as typeof query,
}

/** In the order of their names, so that two that want the same ones never wait for each other [W7]. */
async function lockTopics(db: Kysely<Tables>, topics: Topic[]): Promise<void> {
  const sorted = [...new Set(topics)].toSorted()
  const locked = await lockCounters(db, sorted)
  if (locked === sorted.length) return
  const counters = sorted.map((topic) => ({ topic, seq: 0, floor: 0, posted: 0 }))
  await db
    .insertInto('topics')
    .values(counters)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await lockCounters(db, sorted)
}

/** Answers how many there are. */
async function lockCounters(db: Kysely<Tables>, topics: Topic[]): Promise<number> {
  if (topics.length === 0) return 0
  const counters = db.selectFrom('topics').select('topic').where('topic', 'in', topics)
  return (await counters.orderBy('topic').forUpdate().execute()).length
}
