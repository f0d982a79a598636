import type { Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { type Extent, extentOf, rowsSince } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import { type Follower, kindsOf, seen, type Sight, sightOf, snapshotOf, type TopicSnapshot } from '#topics.ts'

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
  own: { sight: Sight; missed: Missed } | null
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
  const sight = await sightOf(db, join.follower, topic)
  return { seq, own: sight && { sight, missed: await missedSince(db, { ...join, seq, floor, sight }) }, untold }
}

async function missedSince(
  db: Kysely<Tables>,
  at: { topic: Topic; position: TopicPosition | null; epoch: string; seq: number; floor: number; sight: Sight },
): Promise<Missed> {
  const { topic, position, sight } = at
  const isWithin = position && position.epoch === at.epoch && position.seq <= at.seq && position.seq >= at.floor
  const isOfUse = isWithin && position.seq >= sight.since
  // Who comes back has mostly missed nothing: after a node's end that is thousands at once.
  const rows = isOfUse ? await rowsBetween(db, topic, { from: position.seq, to: at.seq }) : null
  if (rows) return { is: 'rows', prev: position!.seq, rows: await seen(db, rows, sight) }
  return { is: 'snapshot', snapshot: await snapshotOf(db, topic, sight) }
}

/** What a feed has not told yet: the topic's seq and the rows since `told`; rows are null where it is too much, or purged. */
export async function readUntold(db: Kysely<Tables>, topic: Topic, told: number): Promise<{ seq: number; rows: Rows | null }> {
  const { seq, floor } = await topicCounter(db, topic)
  return { seq, rows: await untoldSince(db, topic, { seq, floor, told }) }
}

async function untoldSince(db: Kysely<Tables>, topic: Topic, at: { seq: number; floor: number; told: number }): Promise<Rows | null> {
  return at.told < at.floor ? null : rowsBetween(db, topic, { from: at.told, to: at.seq })
}

/** `to`: where the topic stands in this snapshot of the database. Null: too many. */
async function rowsBetween(db: Kysely<Tables>, topic: Topic, { from, to }: { from: number; to: number }): Promise<Rows | null> {
  return from >= to ? {} : rowsSince(db, topic, { seq: from, kinds: kindsOf(topic), max: TOLD_MAX })
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

/** What somebody may see of a topic, and as of which seq that is so. */
export async function readRight(db: Kysely<Tables>, topic: Topic, follower: Follower): Promise<{ seq: number; sight: Sight | null }> {
  const { seq } = await topicCounter(db, topic)
  return { seq, sight: await sightOf(db, follower, topic) }
}

/** For a feed that starts over: where the topic stands, and for each of these what they see of it now [A2]; null: nothing. */
export async function readAnew<F extends { follower: Follower }>(
  db: Kysely<Tables>,
  topic: Topic,
  followers: F[],
): Promise<{ seq: number; views: Map<F, { sight: Sight; snapshot: TopicSnapshot } | null> }> {
  const { seq } = await topicCounter(db, topic)
  const snapshots = new Map<string, TopicSnapshot>()
  const views = new Map<F, { sight: Sight; snapshot: TopicSnapshot } | null>()
  for (const [one, sight] of await sightsOf(db, topic, followers)) {
    const key = sight && `${sight.after} ${sight.guestId}`
    const snapshot = sight && (snapshots.get(key!) ?? (await snapshotOf(db, topic, sight)))
    if (snapshot) snapshots.set(key!, snapshot)
    views.set(one, snapshot && { sight, snapshot })
  }
  return { seq, views }
}

/** What each of them may see (now); null: nothing. */
export async function sightsOf<F extends { follower: Follower }>(
  db: Kysely<Tables>,
  topic: Topic,
  followers: Iterable<F>,
): Promise<Map<F, Sight | null>> {
  const sights = new Map<F, Sight | null>()
  for (const one of followers) sights.set(one, await sightOf(db, one.follower, topic))
  return sights
}
