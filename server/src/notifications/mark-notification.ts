import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import type { Notification } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { requirePerson } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findCounts, requireNotification, storeNotifications } from './inbox.ts'

type Mark = Parsed<'notification.mark'>

/** notification.mark: one truth, live on every device [N3]. What is so already spends no seq. Refusal: not-found. */
export async function markNotification(tx: Tx, { input, actor }: Write<Mark>): Promise<Result<'notification.mark'>> {
  const { userId } = await requirePerson(tx, actor)
  await tx.lock(userTopic(userId))
  const before = await requireNotification(tx, userId, input.id)
  const after = marked(before, input, tx.now)
  if (before.deletedAt !== null || sameMarks(before, after)) return { ...before, counts: await findCounts(tx.db, userId) }

  const since = becomesUnread(before, after) ? await tx.seqOf(userTopic(userId)) : before.since
  const { rows, counts } = await storeNotifications(tx, userId, [{ ...after, since }])
  return { ...rows[0]!, counts }
}

/** Pure: archived implies read, read implies seen; the first time of each stays. */
export function marked(row: Notification, to: Omit<Mark, 'id'>, now: number): Notification {
  const archivedAt = to.archived === undefined ? row.archivedAt : to.archived ? (row.archivedAt ?? now) : null
  const read = to.read ?? (row.readAt !== null || to.archived === true)
  const readAt = read ? (row.readAt ?? now) : null
  const seen = to.seen ?? (row.seenAt !== null || read)
  return { ...row, archivedAt, readAt, seenAt: seen ? (row.seenAt ?? now) : null }
}

/** Whether it stands in the unread list now and did not before: un-read, or returned from the archive. */
function becomesUnread(before: Notification, after: Notification): boolean {
  const unread = (row: Notification) => row.readAt === null && row.archivedAt === null
  return unread(after) && !unread(before)
}

function sameMarks(one: Notification, other: Notification): boolean {
  return one.readAt === other.readAt && one.seenAt === other.seenAt && one.archivedAt === other.archivedAt
}
