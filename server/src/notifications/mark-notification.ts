import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import type { Notification } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findCounts, isUnread, marked, requireNotification, storeNotifications } from './inbox.ts'

type Mark = Parsed<'notification.mark'>

/**
 * notification.mark: one truth, live on every device [N3]. What is so already spends no seq. Whoever says which state they saw marks no other one: a
 * request that comes late undoes nothing that was done after it. Refusals: not-found, stale.
 */
export async function markNotification(tx: Tx, { input, actor }: Write<Mark>): Promise<Result<'notification.mark'>> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const before = await requireNotification(tx, userId, input.id)
  const after = marked(before, input, tx.now)
  if (before.deletedAt !== null || sameMarks(before, after)) return { ...before, counts: await findCounts(tx.db, userId) }
  if (input.changed !== undefined && input.changed !== before.changed)
    throw new Refusal('stale', 'The notification was changed meanwhile on another device.', { row: { ...before } })

  const returns = isUnread(after) && !isUnread(before)
  const since = returns ? await tx.seqOf(userTopic(userId)) : before.since
  const { rows, counts } = await storeNotifications(tx, [{ userId, before, after: { ...after, since } }])
  return { ...rows[0]!, counts: counts.get(userId)! }
}

function sameMarks(one: Notification, other: Notification): boolean {
  return one.readAt === other.readAt && one.seenAt === other.seenAt && one.archivedAt === other.archivedAt
}
