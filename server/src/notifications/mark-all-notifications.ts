import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findCounts, marked, selectFiltered, storeNotifications } from './inbox.ts'

/** notification.mark-all: what stands and became unread up to a position; what rang since stays unread [N3]. Refusal: epoch-changed. */
export async function markAllNotifications(
  tx: Tx,
  { input, actor }: Write<Parsed<'notification.mark-all'>>,
): Promise<Result<'notification.mark-all'>> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  if (input.epoch !== tx.epoch)
    throw new Refusal('epoch-changed', 'The server was restored from a backup meanwhile. Look at the inbox again.')
  const unmarked = input.set.read ? 'readAt' : 'seenAt'
  const standing = await selectFiltered(tx.db, userId, 'all').where(unmarked, 'is', null).where('since', '<=', input.upTo).execute()
  if (standing.length === 0) return { counts: await findCounts(tx.db, userId) }
  const changes = standing.map((before) => ({ userId, before, after: marked(before, input.set, tx.now) }))
  const { counts } = await storeNotifications(tx, changes)
  return { counts: counts.get(userId)! }
}
