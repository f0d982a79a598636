import type { Topic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { chunks } from '#lib/chunks.ts'
import type { Tables, TopicCounter } from './schema.ts'

const TOPICS_A_STATEMENT = 500

/**
 * Takes the next seqs of topics, inside the transaction that uses them [W1]. `take`: how many of each, and how many new messages are numbered too.
 * Answers the last of each.
 */
export async function nextSeqs(
  db: Kysely<Tables>,
  topics: Topic[],
  take = { seqs: 1, posted: 0 },
): Promise<Map<Topic, { seq: number; posted: number }>> {
  const taken = new Map<Topic, { seq: number; posted: number }>()
  for (const some of chunks(topics, TOPICS_A_STATEMENT)) {
    for (const counter of await takeSeqs(db, some, take)) taken.set(counter.topic as Topic, counter)
  }
  return taken
}

function takeSeqs(db: Kysely<Tables>, topics: Topic[], take: { seqs: number; posted: number }) {
  return db
    .insertInto('topics')
    .values(topics.map((topic) => ({ topic, seq: take.seqs, floor: 0, posted: take.posted })))
    .onConflict((conflict) =>
      conflict.column('topic').doUpdateSet((eb) => ({
        seq: eb('topics.seq', '+', take.seqs),
        posted: eb('topics.posted', '+', take.posted),
      })),
    )
    .returning(['topic', 'seq', 'posted'])
    .execute()
}

/** A topic's counters; all zero while nothing was ever written to it. */
export async function topicCounter(db: Kysely<Tables>, topic: Topic): Promise<TopicCounter> {
  return (await topicCounters(db, [topic]))[0]!
}

/** The same of many, in their order. */
export async function topicCounters(db: Kysely<Tables>, topics: Topic[]): Promise<TopicCounter[]> {
  const found = new Map<string, TopicCounter>()
  for (const some of chunks(topics, TOPICS_A_STATEMENT)) {
    const rows = await db.selectFrom('topics').selectAll().where('topic', 'in', some).execute()
    for (const counter of rows) found.set(counter.topic, counter)
  }
  return topics.map((topic) => found.get(topic) ?? { topic, seq: 0, floor: 0, posted: 0 })
}

/** The seqs of many topics, as one snapshot; topics without rows are left out. */
export async function topicSeqs(db: Kysely<Tables>, topics: Topic[]): Promise<Map<Topic, number>> {
  const seqs = new Map<Topic, number>()
  for (const some of chunks(topics, TOPICS_A_STATEMENT)) {
    const rows = await db.selectFrom('topics').select(['topic', 'seq']).where('topic', 'in', some).execute()
    for (const { topic, seq } of rows) seqs.set(topic as Topic, seq)
  }
  return seqs
}
