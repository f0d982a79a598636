import type { Parsed } from '@belfry/protocol/commands.ts'
import { PAGE_DEFAULT_ITEMS } from '@belfry/protocol/limits.ts'
import type { Counts, Notification, Rows } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { waitingMentions } from '#accounts/memberships.ts'
import { placesAmong } from '#chat/places.ts'
import { chunks } from '#lib/chunks.ts'
import { Refusal } from '#lib/refusal.ts'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import type { Read } from '#store/read.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'

const NOTIFICATION_COLUMNS = columnsOf('notification') as (keyof Notification)[]
const COUNTS_COLUMNS = columnsOf('counts') as (keyof Counts)[]
const IN_SNAPSHOT = 30
const IDS_A_QUERY = 1_000

export type Filter = 'unread' | 'all' | 'archived'

/** One's own notification; anybody else's is "not found" [A3]. */
export async function requireNotification(tx: Tx, userId: string, id: string): Promise<Notification> {
  const found = await selectNotifications(tx.db, userId).where('id', '=', id).executeTakeFirst()
  if (!found) throw new Refusal('not-found', 'There is no such notification in your inbox.')
  return found
}

export function selectNotifications(db: Kysely<Tables>, userId: string) {
  return db.selectFrom('notifications').select(NOTIFICATION_COLUMNS).where('userId', '=', userId)
}

/** Those of one list, unordered. `all` is all that stands and is not archived. */
export function selectFiltered(db: Kysely<Tables>, userId: string, filter: Filter) {
  const standing = selectNotifications(db, userId).where('deletedAt', 'is', null)
  if (filter === 'archived') return standing.where('archivedAt', 'is not', null)
  const inbox = standing.where('archivedAt', 'is', null)
  return filter === 'unread' ? inbox.where('readAt', 'is', null) : inbox
}

/** What a write does to one notification; `before` null: it is new. `about`: the message of which it tells. */
export interface NotificationChange {
  userId: string
  before: Notification | null
  after: Omit<Notification, 'changed'>
  about?: { roomId: string; n: number }
}

/** Stores notifications, of one person or of many, each with the counts that follow. Answers both in the same order. */
export async function storeNotifications(
  tx: Tx,
  changes: NotificationChange[],
): Promise<{ rows: Notification[]; counts: Map<string, Counts> }> {
  const rows = await tx.changeEach(
    'notification',
    changes.map(({ userId, after, about }) => ({ topic: userTopic(userId), row: after, extra: { userId, ...about } })),
  )
  await storeMentions(tx, changes)
  return { rows, counts: await storeCounts(tx, changes) }
}

/** What is unread of each room stands in its place, counted anew under the topics' locks. */
async function storeMentions(tx: Tx, changes: NotificationChange[]): Promise<void> {
  const rooms = await roomsOf(tx.db, changes)
  const among = { userIds: [...new Set(changes.map(({ userId }) => userId))], roomIds: [...new Set(rooms.values())] }
  if (among.roomIds.length === 0) return
  const waiting = await waitingMentions(tx.db, among)
  const moved = (await placesAmong(tx.db, among)).flatMap(({ userId, ...place }) => {
    const mentions = waiting.of(userId, place.id)
    if (mentions === place.mentions || place.endedAt !== null) return []
    return { topic: userTopic(userId), row: { ...place, mentions }, extra: { userId } }
  })
  if (moved.length > 0) await tx.changeEach('place', moved)
}

/** Of which room each of them tells; those are left out of which a program has rung. */
async function roomsOf(db: Kysely<Tables>, changes: NotificationChange[]): Promise<Map<string, string>> {
  const rooms = new Map(changes.flatMap(({ after, about }) => (about ? [[after.id, about.roomId]] : [])))
  const known = changes.filter(({ before }) => before?.kind === 'message').map(({ after }) => after.id)
  for (const some of chunks(known, IDS_A_QUERY)) {
    const rows = await db.selectFrom('notifications').select(['id', 'roomId']).where('id', 'in', some).execute()
    for (const { id, roomId } of rows) if (roomId !== null) rooms.set(id, roomId)
  }
  return rooms
}

/** A notification, and whose it is. */
export interface Owned {
  userId: string
  notification: Notification
}

/** Those of these ids that were not deleted, and whose they are. */
export async function standingAmong(db: Kysely<Tables>, ids: string[]): Promise<Owned[]> {
  const found: Owned[] = []
  for (const some of chunks(ids, IDS_A_QUERY)) {
    const rows = await db
      .selectFrom('notifications')
      .select(['userId', ...NOTIFICATION_COLUMNS])
      .where('id', 'in', some)
      .where('deletedAt', 'is', null)
      .execute()
    for (const { userId, ...notification } of rows) found.push({ userId, notification })
  }
  return found
}

/** Whose those of these ids are that were not deleted. */
export async function ownersAmong(db: Kysely<Tables>, ids: string[]): Promise<Set<string>> {
  const owners = new Set<string>()
  for (const some of chunks(ids, IDS_A_QUERY)) {
    const among = db.selectFrom('notifications').select('userId').distinct().where('id', 'in', some)
    for (const { userId } of await among.where('deletedAt', 'is', null).execute()) owners.add(userId)
  }
  return owners
}

/** Of one message, or of what somebody has read. */
export async function rungNotifications(
  db: Kysely<Tables>,
  of: { roomId: string; n: number } | { roomId: string; userId: string; upTo: number },
): Promise<Owned[]> {
  const rung = db
    .selectFrom('notifications')
    .select(['userId', ...NOTIFICATION_COLUMNS])
    .where('roomId', '=', of.roomId)
    .where('deletedAt', 'is', null)
  const found =
    'n' in of ? rung.where('n', '=', of.n) : rung.where('userId', '=', of.userId).where('readAt', 'is', null).where('n', '<=', of.upTo)
  return (await found.execute()).map(({ userId, ...notification }) => ({ userId, notification }))
}

/** Counts are a row like any other [N3]. The topic's lock is held, so that what is added to them is exact. */
async function storeCounts(tx: Tx, changes: NotificationChange[]): Promise<Map<string, Counts>> {
  const byUser = Map.groupBy(changes, ({ userId }) => userId)
  const held = await countsOf(tx.db, [...byUser.keys()])
  const next = [...byUser].map(([userId, ofUser]) => {
    const { unread, unseen } = held.get(userId) ?? NO_COUNTS
    const row = { id: 'inbox', unread: unread + difference(ofUser, isUnread), unseen: unseen + difference(ofUser, isUnseen) }
    return { topic: userTopic(userId), row, extra: { userId } }
  })
  const stored = await tx.changeEach('counts', next)
  return new Map(next.map(({ extra }, at) => [extra.userId, stored[at]!]))
}

function difference(changes: NotificationChange[], counts: (row: Omit<Notification, 'changed'>) => boolean): number {
  return changes.reduce((sum, { before, after }) => sum + Number(counts(after)) - Number(before !== null && counts(before)), 0)
}

/** Whether it stands in the unread list. */
export function isUnread(row: Omit<Notification, 'changed'>): boolean {
  return row.readAt === null && row.archivedAt === null && row.deletedAt === null
}

function isUnseen(row: Omit<Notification, 'changed'>): boolean {
  return row.seenAt === null && row.archivedAt === null && row.deletedAt === null
}

/** Pure: archived implies read, read implies seen; the first time of each stays. */
export function marked(row: Notification, to: Omit<Parsed<'notification.mark'>, 'id'>, now: number): Notification {
  const archivedAt = to.archived === undefined ? row.archivedAt : to.archived ? (row.archivedAt ?? now) : null
  const read = to.read ?? (row.readAt !== null || to.archived === true)
  const seen = to.seen ?? (row.seenAt !== null || read)
  return { ...row, archivedAt, readAt: read ? (row.readAt ?? now) : null, seenAt: seen ? (row.seenAt ?? now) : null }
}

/** Pure: what is left of one that was deleted; it keeps its key, so that the same one does not ring again [N2]. */
export function tombstone(row: Notification, now: number): Notification {
  return { ...row, title: '', body: null, url: null, category: null, deletedAt: now }
}

const NO_COUNTS: Counts = { id: 'inbox', changed: 0, unread: 0, unseen: 0 }

export async function findCounts(db: Kysely<Tables>, userId: string): Promise<Counts> {
  return (await countsOf(db, [userId])).get(userId) ?? NO_COUNTS
}

async function countsOf(db: Kysely<Tables>, userIds: string[]): Promise<Map<string, Counts>> {
  const rows = await countsOfThose(db, rounded(userIds))
  return new Map(rows.map(({ userId, ...counts }) => [userId, counts]))
}

const countsOfThose = compiledOnce((db, userIds: string[]) =>
  db
    .selectFrom('counts')
    .select(['userId', ...COUNTS_COLUMNS])
    .where('userId', 'in', userIds),
)

/** notification.list: newest first; the cursor is the last id of the page before. */
export async function listNotifications(db: Kysely<Tables>, { input, actor }: Read<Parsed<'notification.list'>>) {
  const { userId } = actor
  const max = input.limit ?? PAGE_DEFAULT_ITEMS
  const query = selectFiltered(db, userId, input.filter ?? 'all')
  const bounded = input.cursor === undefined ? query : query.where('id', '<', input.cursor)
  const items = await bounded
    .orderBy('id', 'desc')
    .limit(max + 1)
    .execute()
  const more = items.length > max
  if (more) items.pop()
  const { seq } = await topicCounter(db, userTopic(userId))
  return { items, next: more ? items.at(-1)!.id : null, counts: await findCounts(db, userId), seq }
}

/** The counts, the newest of the inbox and the newest unread. `windows`: the oldest id of each list, null where the list is whole. */
export async function inboxSnapshot(
  db: Kysely<Tables>,
  userId: string,
): Promise<{ rows: Rows; windows: { all: string | null; unread: string | null } }> {
  const all = await newest(db, userId, 'all')
  const unread = await newest(db, userId, 'unread')
  const byId = new Map([...all.items, ...unread.items].map((notification) => [notification.id, notification]))
  const rows: Rows = { counts: [await findCounts(db, userId)], notification: [...byId.values()] }
  return { rows, windows: { all: all.window, unread: unread.window } }
}

const newestOf = (filter: Filter) =>
  compiledOnce((db, [userId]: [string]) =>
    selectFiltered(db, userId, filter)
      .orderBy('id', 'desc')
      .limit(IN_SNAPSHOT + 1),
  )
const newestIn = { all: newestOf('all'), unread: newestOf('unread') }

async function newest(
  db: Kysely<Tables>,
  userId: string,
  filter: 'all' | 'unread',
): Promise<{ items: Notification[]; window: string | null }> {
  const items = await newestIn[filter](db, [userId])
  if (items.length <= IN_SNAPSHOT) return { items, window: null }
  items.pop()
  return { items, window: items.at(-1)!.id }
}
