import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { topicsOf } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { noMessageOfTheirs, requireMessage } from './messages.ts'
import { endReactions } from './reactions.ts'
import { promiseRingingAgain } from './ringings.ts'
import { isModerator } from './standings.ts'
import { deleteVersions } from './versions.ts'

/** message.delete: leaves a tombstone without text or reactions, of one's own message or as a moderator of anybody's. Twice changes nothing. Refusal: not-found. */
export async function deleteMessage(tx: Tx, { input, actor }: Write<Parsed<'message.delete'>>): Promise<Message> {
  await tx.lock(roomTopic(input.roomId), ...topicsOf(actor))
  const { message, userId, standing } = await requireMessage(tx, { actor, input })
  if (message.authorId !== userId && !isModerator(standing)) throw noMessageOfTheirs()
  if (message.deletedAt !== null) return message
  await endReactions(tx, message)
  await deleteVersions(tx, message.id)
  const tombstone = { ...message, body: '', names: {}, deletedAt: tx.now }
  const row = await tx.change(roomTopic(input.roomId), { kind: 'message', row: tombstone })
  await promiseRingingAgain(tx, { before: message, after: row })
  return row
}
