import type { Parsed } from '@belfry/protocol/commands.ts'
import { PAGE_DEFAULT_ITEMS } from '@belfry/protocol/limits.ts'
import type { Counts, Notification, Rows } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Read } from '#store/read.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'

const NOTIFICATION_COLUMNS = columnsOf('notification') as (keyof Notification)[]
const COUNTS_COLUMNS = columnsOf('counts') as (keyof Counts)[]
const IN_SNAPSHOT = 30

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

/** Counts are computed under the topic's lock and are a row like any other [N3]. */
export async function recount(tx: Tx, userId: string): Promise<Counts> {
  const standing = tx.db
    .selectFrom('notifications')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('userId', '=', userId)
    .where('archivedAt', 'is', null)
    .where('deletedAt', 'is', null)
  const unread = await standing.where('readAt', 'is', null).executeTakeFirstOrThrow()
  const unseen = await standing.where('seenAt', 'is', null).executeTakeFirstOrThrow()
  const row = { id: 'inbox', unread: Number(unread.count), unseen: Number(unseen.count) }
  return tx.change(userTopic(userId), { kind: 'counts', row, extra: { userId } })
}

/** Stores notifications of one person at the topic's next seq, with the counts that follow. Answers them in the same order. */
export async function storeNotifications(tx: Tx, userId: string, rows: Omit<Notification, 'changed'>[]): Promise<{ rows: Notification[]; counts: Counts }> {
  const stored = await tx.changeAll(userTopic(userId), { kind: 'notification', rows, extra: { userId } })
  return { rows: stored, counts: await recount(tx, userId) }
}

export async function findCounts(db: Kysely<Tables>, userId: string): Promise<Counts> {
  const counts = await db.selectFrom('counts').select(COUNTS_COLUMNS).where('userId', '=', userId).executeTakeFirst()
  return counts ?? { id: 'inbox', changed: 0, unread: 0, unseen: 0 }
}

/** notification.list: newest first; the cursor is the last id of the page before. */
export async function listNotifications(db: Kysely<Tables>, { input, actor }: Read<Parsed<'notification.list'>>) {
  const { userId } = actor
  const max = input.limit ?? PAGE_DEFAULT_ITEMS
  const query = selectFiltered(db, userId, input.filter ?? 'all')
  const bounded = input.cursor === undefined ? query : query.where('id', '<', input.cursor)
  const items = await bounded.orderBy('id', 'desc').limit(max + 1).execute()
  const more = items.length > max
  if (more) items.pop()
  const { seq } = await topicCounter(db, userTopic(userId))
  return { items, next: more ? items.at(-1)!.id : null, counts: await findCounts(db, userId), seq }
}

/** The counts, the newest of the inbox and the newest unread. `windows`: the oldest id of each list, null where the list is whole. */
export async function inboxSnapshot(db: Kysely<Tables>, userId: string): Promise<{ rows: Rows; windows: { all: string | null; unread: string | null } }> {
  const all = await newest(db, userId, 'all')
  const unread = await newest(db, userId, 'unread')
  const byId = new Map([...all.items, ...unread.items].map((notification) => [notification.id, notification]))
  const rows: Rows = { counts: [await findCounts(db, userId)], notification: [...byId.values()] }
  return { rows, windows: { all: all.window, unread: unread.window } }
}

async function newest(db: Kysely<Tables>, userId: string, filter: Filter): Promise<{ items: Notification[]; window: string | null }> {
  const items = await selectFiltered(db, userId, filter).orderBy('id', 'desc').limit(IN_SNAPSHOT + 1).execute()
  if (items.length <= IN_SNAPSHOT) return { items, window: null }
  items.pop()
  return { items, window: items.at(-1)!.id }
}

