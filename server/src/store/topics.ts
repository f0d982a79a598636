import type { Topic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { chunks } from '#lib/chunks.ts'
import { compiledOnce, rounded } from './compiled-once.ts'
import type { Tables, TopicCounter } from './schema.ts'

const TOPICS_A_STATEMENT = 512
/** Each number of them is a statement of its own, which is kept. */
const TAKES_A_STATEMENT = 64

/** How many seqs of a topic are taken, and how many new messages are numbered too. */
export interface Take {
  topic: Topic
  seqs: number
  posted: number
}

/** Takes the next seqs of topics, inside the transaction that uses them [W1]. Answers the last of each. */
export async function nextSeqs(db: Kysely<Tables>, takes: Take[]): Promise<Map<Topic, { seq: number; posted: number }>> {
  const taken = new Map<Topic, { seq: number; posted: number }>()
  for (const some of chunks(takes, TAKES_A_STATEMENT)) {
    const values = some.flatMap(({ topic, seqs, posted }) => [topic, seqs, posted])
    for (const counter of await takeSeqs(db, values)) taken.set(counter.topic as Topic, counter)
  }
  return taken
}

/** Of what is taken: topic, seqs, posted. */
const takeSeqs = compiledOnce((db, values: (string | number)[]) =>
  db
    .insertInto('topics')
    .values(
      [...chunks(values, 3)].map(([topic, seq, posted]) => ({
        topic: topic as string,
        seq: seq as number,
        floor: 0,
        posted: posted as number,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('topic').doUpdateSet((eb) => ({
        seq: eb('topics.seq', '+', eb.ref('excluded.seq')),
        posted: eb('topics.posted', '+', eb.ref('excluded.posted')),
      })),
    )
    .returning(['topic', 'seq', 'posted']),
)

/** A topic's counters; all zero while nothing was ever written to it. */
export async function topicCounter(db: Kysely<Tables>, topic: Topic): Promise<TopicCounter> {
  return (await topicCounters(db, [topic]))[0]!
}

/** The same of many, in their order. */
export async function topicCounters(db: Kysely<Tables>, topics: Topic[]): Promise<TopicCounter[]> {
  const found = new Map<string, TopicCounter>()
  for (const some of chunks(topics, TOPICS_A_STATEMENT)) {
    for (const counter of await countersOf(db, rounded(some))) found.set(counter.topic, counter)
  }
  return topics.map((topic) => found.get(topic) ?? { topic, seq: 0, floor: 0, posted: 0 })
}

const countersOf = compiledOnce((db, topics: string[]) => db.selectFrom('topics').selectAll().where('topic', 'in', topics))

/** The seqs of many topics, as one snapshot; topics without rows are left out. */
export async function topicSeqs(db: Kysely<Tables>, topics: Topic[]): Promise<Map<Topic, number>> {
  const seqs = new Map<Topic, number>()
  for (const some of chunks(topics, TOPICS_A_STATEMENT)) {
    for (const { topic, seq } of await countersOf(db, rounded(some))) seqs.set(topic as Topic, seq)
  }
  return seqs
}
