import type { Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { type Extent, extentOf, rowsSince } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import { type Follower, kindsOf, mayFollow, snapshotOf, type TopicSnapshot } from '#topics.ts'

/** So much is told row by row; whoever missed more gets a snapshot, which is smaller [F3]. */
const TOLD_MAX: Extent = { rows: 5_000, bytes: 2 * 1024 * 1024 }

/** How far somebody has followed a topic. */
export interface TopicPosition {
  epoch: string
  seq: number
}

/** What somebody missed: the rows since their position, or a snapshot in place of all they hold. */
export type Missed = { is: 'rows'; prev: number; rows: Rows } | { is: 'snapshot'; snapshot: TopicSnapshot }

/** A join's one look at the database [F2]. */
export interface JoinView {
  seq: number
  /** Null: they may not follow. */
  missed: Missed | null
  /** What the feed's other followers have not been told yet; null: too much. */
  untold: Rows | null
}

/** Seq, right and rows, all of one snapshot. `told`: how far the feed's followers were told, null without any. */
export async function readForJoin(
  db: Kysely<Tables>,
  join: { topic: Topic; follower: Follower; position: TopicPosition | null; epoch: string; told: number | null },
): Promise<JoinView> {
  const { topic, told } = join
  const { seq, floor } = await topicCounter(db, topic)
  const untold = told === null ? {} : await untoldSince(db, topic, { seq, floor, told })
  if (!(await mayFollow(db, join.follower, topic))) return { seq, missed: null, untold }
  return { seq, missed: await missedSince(db, { ...join, seq, floor }), untold }
}

async function missedSince(
  db: Kysely<Tables>,
  at: { topic: Topic; position: TopicPosition | null; epoch: string; seq: number; floor: number },
): Promise<Missed> {
  const { topic, position } = at
  const isOfUse = position && position.epoch === at.epoch && position.seq <= at.seq && position.seq >= at.floor
  const rows = isOfUse ? await rowsMissed(db, topic, position.seq) : null
  return rows ? { is: 'rows', prev: position!.seq, rows } : { is: 'snapshot', snapshot: await snapshotOf(db, topic) }
}

/** What a feed has not told yet: the topic's seq and the rows since `told`; rows are null where it is too much, or purged. */
export async function readUntold(db: Kysely<Tables>, topic: Topic, told: number): Promise<{ seq: number; rows: Rows | null }> {
  const { seq, floor } = await topicCounter(db, topic)
  return { seq, rows: await untoldSince(db, topic, { seq, floor, told }) }
}

async function untoldSince(db: Kysely<Tables>, topic: Topic, at: { seq: number; floor: number; told: number }): Promise<Rows | null> {
  if (at.seq <= at.told) return {}
  return at.told < at.floor ? null : rowsMissed(db, topic, at.told)
}

function rowsMissed(db: Kysely<Tables>, topic: Topic, seq: number): Promise<Rows | null> {
  return rowsSince(db, topic, { seq, kinds: kindsOf(topic), max: TOLD_MAX })
}

/** Whether a change is more than is told row by row. */
export function isTooMuch(rows: Rows): boolean {
  let [count, bytes] = [0, 0]
  for (const ofKind of Object.values(rows) as object[][]) {
    const extent = extentOf(ofKind)
    count += extent.rows
    bytes += extent.bytes
  }
  return count > TOLD_MAX.rows || bytes > TOLD_MAX.bytes
}

/** Whether somebody may follow a topic, and as of which seq that is so. */
export async function readRight(db: Kysely<Tables>, topic: Topic, follower: Follower): Promise<{ seq: number; isTheirs: boolean }> {
  const { seq } = await topicCounter(db, topic)
  return { seq, isTheirs: await mayFollow(db, follower, topic) }
}

/** For a feed that starts over: where the topic stands, and which of its followers may not follow any more [A2]. */
export async function readAnew<F extends { follower: Follower }>(
  db: Kysely<Tables>,
  topic: Topic,
  followers: F[],
): Promise<{ seq: number; snapshot: TopicSnapshot; refused: F[] }> {
  const { seq } = await topicCounter(db, topic)
  return { seq, snapshot: await snapshotOf(db, topic), refused: await refusedOf(db, topic, followers) }
}

/** Which of them may not follow (any more). */
export async function refusedOf<F extends { follower: Follower }>(db: Kysely<Tables>, topic: Topic, followers: F[]): Promise<F[]> {
  const refused: F[] = []
  for (const one of followers) if (!(await mayFollow(db, one.follower, topic))) refused.push(one)
  return refused
}
