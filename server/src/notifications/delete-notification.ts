import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findCounts, requireNotification, storeNotifications, tombstone } from './inbox.ts'

/** notification.delete: leaves a tombstone without text, which keeps its key: the same one does not ring again [N2]. Refusal: not-found. */
export async function deleteNotification(
  tx: Tx,
  { input, actor }: Write<Parsed<'notification.delete'>>,
): Promise<Result<'notification.delete'>> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const before = await requireNotification(tx, userId, input.id)
  if (before.deletedAt !== null) return { ...before, counts: await findCounts(tx.db, userId) }
  const { rows, counts } = await storeNotifications(tx, [{ userId, before, after: tombstone(before, tx.now) }])
  return { ...rows[0]!, counts: counts.get(userId)! }
}
