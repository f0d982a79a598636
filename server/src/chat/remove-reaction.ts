import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Reaction } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { topicsOf } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireStandingMessage } from './messages.ts'
import { findReaction } from './reactions.ts'
import { requireInUse } from './standings.ts'

/** reaction.remove: one's own; a tombstone stays. Twice is no mistake. Refusals: not-found, archived. */
export async function removeReaction(tx: Tx, { input, actor }: Write<Parsed<'reaction.remove'>>): Promise<Reaction> {
  const { roomId, emoji } = input
  await tx.lock(roomTopic(roomId), ...topicsOf(actor))
  const { message, userId, standing } = await requireStandingMessage(tx, { actor, input })
  const reaction = await findReaction(tx.db, { messageId: message.id, userId, emoji })
  if (!reaction) throw new Refusal('not-found', 'There is no such reaction of yours at this message.')
  if (reaction.endedAt !== null) return reaction
  requireInUse(standing)
  return tx.change(roomTopic(roomId), { kind: 'reaction', row: { ...reaction, endedAt: tx.now } })
}
