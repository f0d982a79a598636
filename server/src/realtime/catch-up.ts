import type { Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { type Extent, extentOf, rowsSince } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter, topicCounters } from '#store/topics.ts'
import { type Follower, kindsOf, seen, seenByGuests, type Sight, sightsOf, snapshotOf, type TopicSnapshot } from '#topics.ts'

/** So much is told row by row; whoever missed more gets a snapshot, which is smaller [F3]. */
const TOLD_MAX: Extent = { rows: 5_000, bytes: 2 * 1024 * 1024 }

/** How far somebody has followed a topic. */
export interface TopicPosition {
  epoch: string
  seq: number
}

/** What somebody missed: the rows since their position, or a snapshot in place of all they hold. */
export type Missed = { is: 'rows'; prev: number; rows: Rows } | { is: 'snapshot'; snapshot: TopicSnapshot }

/** Who begin to follow a topic, each from a position or from the start. `told`: how far its followers were told, null without any. */
export interface Joining {
  topic: Topic
  told: number | null
  newcomers: { follower: Follower; position: TopicPosition | null }[]
}

/** Their one look at the database [F2]. */
export interface JoinView {
  seq: number
  /** Of each newcomer; null: they may not follow. What several missed alike is the same object. */
  own: ({ sight: Sight; missed: Missed } | null)[]
  /** What the topic's followers have not been told yet; null: too much. */
  untold: Rows | null
}

/** Seqs, rights and rows, all of one snapshot. */
export async function readForJoins(db: Kysely<Tables>, epoch: string, joinings: Joining[]): Promise<JoinView[]> {
  const counters = await topicCounters(
    db,
    joinings.map(({ topic }) => topic),
  )
  const asks = joinings.flatMap(({ topic, newcomers }) => newcomers.map(({ follower }) => ({ topic, follower })))
  const sights = await sightsOf(db, asks)
  const views: JoinView[] = []
  for (const [at, joining] of joinings.entries()) {
    const own = sights.splice(0, joining.newcomers.length)
    const { seq, floor } = counters[at]!
    views.push(await viewOf(db, { ...joining, epoch, seq, floor }, own))
  }
  return views
}

type At = Joining & { epoch: string; seq: number; floor: number }

async function viewOf(db: Kysely<Tables>, at: At, sights: (Sight | null)[]): Promise<JoinView> {
  const { topic, seq, floor, told, newcomers } = at
  const positions = newcomers.map(({ position }, index) => usable(position, at, sights[index]!))
  const isToldThere = told !== null && told >= floor
  const froms = [...positions, isToldThere ? told : null].filter((from) => from !== null)
  const after = await rowsAfterEach(db, topic, { froms, to: seq })
  // What several see alike is asked for once.
  const found = new Map<string, Missed>()
  const own: JoinView['own'] = []
  for (const [index, sight] of sights.entries()) {
    const from = positions[index]!
    const rows = from === null ? null : after.get(from)!
    const key = sight && `${rows && from} ${sight.after} ${sight.guestId}`
    const missed = sight && (found.get(key!) ?? (await missedBy(db, topic, { sight, from, rows })))
    if (missed) found.set(key!, missed)
    own.push(missed && { sight, missed })
  }
  return { seq, own, untold: told === null ? {} : isToldThere ? after.get(told)! : null }
}

/** From which seq on somebody can be told row by row; null: from none. */
function usable(position: TopicPosition | null, { epoch, seq, floor }: At, sight: Sight | null): number | null {
  if (!sight || position?.epoch !== epoch) return null
  return position.seq <= seq && position.seq >= floor && position.seq >= sight.since ? position.seq : null
}

async function missedBy(
  db: Kysely<Tables>,
  topic: Topic,
  { sight, from, rows }: { sight: Sight; from: number | null; rows: Rows | null },
): Promise<Missed> {
  if (rows) return { is: 'rows', prev: from!, rows: await seen(db, rows, sight) }
  return { is: 'snapshot', snapshot: await snapshotOf(db, topic, sight) }
}

/** What changed after each of these seqs: what did after a later one is among what did after an earlier one, and mostly read with it. Null: too much. */
async function rowsAfterEach(
  db: Kysely<Tables>,
  topic: Topic,
  { froms, to }: { froms: number[]; to: number },
): Promise<Map<number, Rows | null>> {
  const found = new Map<number, Rows | null>()
  let rows: Rows | null = null
  for (const from of [...new Set(froms)].toSorted((one, other) => one - other)) {
    rows = rows ? changedAfter(rows, from) : await rowsBetween(db, topic, { from, to })
    found.set(from, rows)
  }
  return found
}

function changedAfter(rows: Rows, seq: number): Rows {
  const later = Object.entries(rows).map(([kind, some = []]) => [kind, some.filter(({ changed }) => changed > seq)] as const)
  return Object.fromEntries(later.filter(([, some]) => some.length > 0))
}

/** What a feed has not told yet: the topic's seq and the rows since `told`; rows are null where it is too much, or purged. */
export async function readUntold(db: Kysely<Tables>, topic: Topic, told: number): Promise<{ seq: number; rows: Rows | null }> {
  const { seq, floor } = await topicCounter(db, topic)
  return { seq, rows: told < floor ? null : await rowsBetween(db, topic, { from: told, to: seq }) }
}

/**
 * `to`: where the topic stands in this snapshot of the database. Who comes back has mostly missed nothing: after a node's end that is thousands
 * at once, who cost no query. Null: too many.
 */
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

/** What each of them may see of a topic (null: nothing), and as of which seq that is so. */
export async function readRights<F extends { follower: Follower }>(
  db: Kysely<Tables>,
  topic: Topic,
  followers: F[],
): Promise<{ seq: number; sights: Map<F, Sight | null> }> {
  const { seq } = await topicCounter(db, topic)
  return { seq, sights: await sightsOfAll(db, topic, followers) }
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
  for (const [one, sight] of await sightsOfAll(db, topic, followers)) {
    const key = sight && `${sight.after} ${sight.guestId}`
    const snapshot = sight && (snapshots.get(key!) ?? (await snapshotOf(db, topic, sight)))
    if (snapshot) snapshots.set(key!, snapshot)
    views.set(one, snapshot && { sight, snapshot })
  }
  return { seq, views }
}

/** What each of them may see (now); null: nothing. */
export async function sightsOfAll<F extends { follower: Follower }>(
  db: Kysely<Tables>,
  topic: Topic,
  followers: F[],
): Promise<Map<F, Sight | null>> {
  const sights = await sightsOf(
    db,
    followers.map(({ follower }) => ({ follower, topic })),
  )
  return new Map(followers.map((one, at) => [one, sights[at]!]))
}

/** What of these rows each of those sees for whom that has to be looked up: one look for all. */
export async function viewsOf<F>(db: Kysely<Tables>, rows: Rows, looking: [F, { sight: Sight }][]): Promise<Map<F, Rows>> {
  const guests = new Set(looking.map(([, { sight }]) => sight.guestId!))
  const known = await seenByGuests(db, rows, [...guests])
  return new Map(looking.map(([one, { sight }]) => [one, known.get(sight.guestId!)!]))
}
