import type { Topic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import type { Tables, TopicCounter } from './schema.ts'

/** Takes the topic's next seqs, inside the transaction that uses them [W1]. `posted`: how many new messages are numbered too. Answers the last of each. */
export async function nextSeqs(db: Kysely<Tables>, topic: Topic, take: { seqs: number; posted: number }): Promise<{ seq: number; posted: number }> {
  return db
    .insertInto('topics')
    .values({ topic, seq: take.seqs, floor: 0, posted: take.posted })
    .onConflict((conflict) =>
      conflict.column('topic').doUpdateSet((eb) => ({
        seq: eb('topics.seq', '+', take.seqs),
        posted: eb('topics.posted', '+', take.posted),
      })),
    )
    .returning(['seq', 'posted'])
    .executeTakeFirstOrThrow()
}

/** A topic's counters; all zero while nothing was ever written to it. */
export async function topicCounter(db: Kysely<Tables>, topic: Topic): Promise<TopicCounter> {
  const found = await db.selectFrom('topics').selectAll().where('topic', '=', topic).executeTakeFirst()
  return found ?? { topic, seq: 0, floor: 0, posted: 0 }
}

const TOPICS_A_QUERY = 500

/** The seqs of many topics, as one snapshot; topics without rows are left out. */
export async function topicSeqs(db: Kysely<Tables>, topics: Topic[]): Promise<Map<Topic, number>> {
  const seqs = new Map<Topic, number>()
  for (let at = 0; at < topics.length; at += TOPICS_A_QUERY) {
    const some = topics.slice(at, at + TOPICS_A_QUERY)
    const rows = await db.selectFrom('topics').select(['topic', 'seq']).where('topic', 'in', some).execute()
    for (const { topic, seq } of rows) seqs.set(topic as Topic, seq)
  }
  return seqs
}
