import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { requirePerson } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findCounts, selectFiltered, storeNotifications } from './inbox.ts'
import { marked } from './mark-notification.ts'

/** notification.mark-all: what stands and became unread up to a position; what rang since stays unread [N3]. Refusal: epoch-changed. */
export async function markAllNotifications(tx: Tx, { input, actor }: Write<Parsed<'notification.mark-all'>>): Promise<Result<'notification.mark-all'>> {
  const { userId } = await requirePerson(tx, actor)
  await tx.lock(userTopic(userId))
  if (input.epoch !== tx.epoch) throw new Refusal('epoch-changed', 'The server was restored from a backup meanwhile. Look at the inbox again.')
  if (!input.set.read && !input.set.seen) return { counts: await findCounts(tx.db, userId) }
  const unmarked = input.set.read ? 'readAt' : 'seenAt'
  const standing = await selectFiltered(tx.db, userId, 'all').where(unmarked, 'is', null).where('since', '<=', input.upTo).execute()
  if (standing.length === 0) return { counts: await findCounts(tx.db, userId) }
  const { counts } = await storeNotifications(tx, userId, standing.map((row) => marked(row, input.set, tx.now)))
  return { counts }
}
