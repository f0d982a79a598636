import type { Tx } from '#store/tx.ts'
import { isUnread, marked, rungNotifications, storeNotifications } from './inbox.ts'

/** Marks as read what rang of messages of a room, up to one that somebody has read [N4]. */
export async function markRungRead(tx: Tx, of: { userId: string; roomId: string; upTo: number }): Promise<void> {
  const { userId } = of
  const unread = (await rungNotifications(tx.db, of)).filter(({ notification }) => isUnread(notification))
  if (unread.length === 0) return
  const changes = unread.map(({ notification: before }) => ({ userId, before, after: marked(before, { read: true }, tx.now) }))
  await storeNotifications(tx, changes)
}
