import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { EMOJI_PER_MESSAGE_MAX, REACTIONS_PER_MESSAGE_MAX } from '@belfry/protocol/limits.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { topicsOf } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireUnblockedRoom } from './blocks.ts'
import { requireStandingMessage } from './messages.ts'
import { findReaction, reactionId, reactionsOf } from './reactions.ts'
import { requireInUse } from './standings.ts'

/** reaction.add: any member's own emoji, also where only moderators write. Twice is no mistake. Refusals: not-found, forbidden, archived, too-large. */
export async function addReaction(tx: Tx, { input, actor }: Write<Parsed<'reaction.add'>>): Promise<Result<'reaction.add'>> {
  const { roomId, emoji } = input
  await tx.lock(roomTopic(roomId), ...topicsOf(actor))
  const { message, userId, standing } = await requireStandingMessage(tx, { actor, input })
  const key = { messageId: message.id, userId, emoji }
  const there = await findReaction(tx.db, key)
  if (there && there.endedAt === null) return { ...there, duplicate: true }
  requireInUse(standing)
  if (standing.kind === 'direct') await requireUnblockedRoom(tx.db, roomId)
  await requireSpace(tx, message, emoji)
  const row = { ...key, id: reactionId(key), roomId, n: message.n, createdAt: tx.now, endedAt: null }
  return tx.change(roomTopic(roomId), { kind: 'reaction', row })
}

async function requireSpace(tx: Tx, message: Message, emoji: string): Promise<void> {
  const standing = await reactionsOf(tx.db, [message])
  if (standing.length >= REACTIONS_PER_MESSAGE_MAX)
    throw new Refusal('too-large', `This message has ${REACTIONS_PER_MESSAGE_MAX} reactions: it takes no more.`)
  const kinds = new Set(standing.map((one) => one.emoji))
  if (!kinds.has(emoji) && kinds.size >= EMOJI_PER_MESSAGE_MAX)
    throw new Refusal('too-large', `This message has ${EMOJI_PER_MESSAGE_MAX} different emoji: take one of those.`)
}
