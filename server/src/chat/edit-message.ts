import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { requirePerson } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireMember } from './members.ts'
import { findMessage } from './messages.ts'

/** message.edit: the author's new text, when the author saw the state that it replaces. Refusals: not-found, stale. */
export async function editMessage(tx: Tx, { input, actor }: Write<Parsed<'message.edit'>>): Promise<Message> {
  await tx.lock(roomTopic(input.roomId))
  const message = await requireOwnMessage(tx, { actor, input })
  if (message.deletedAt !== null) throw noSuchMessage()
  // An edit that is sent again finds its own text: it was stored, and is not stale [W2].
  if (message.body === input.body) return message
  if (message.changed !== input.changed) throw new Refusal('stale', 'The message was changed meanwhile on another device.', { row: { ...message } })
  return tx.change(roomTopic(input.roomId), { kind: 'message', row: { ...message, body: input.body, editedAt: tx.now } })
}

/** One's own message in a room that one is a member of; anybody else's is "not found" [A3]. */
export async function requireOwnMessage(tx: Tx, write: Pick<Write<{ roomId: string; id: string }>, 'actor' | 'input'>): Promise<Message> {
  const { userId } = await requirePerson(tx, write.actor)
  await requireMember(tx, write.input.roomId, userId)
  const message = await findMessage(tx.db, write.input.id)
  if (!message || message.roomId !== write.input.roomId || message.authorId !== userId) throw noSuchMessage()
  return message
}

function noSuchMessage(): Refusal {
  return new Refusal('not-found', 'There is no such message of yours in this room.')
}
