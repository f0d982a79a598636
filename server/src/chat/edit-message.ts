import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { topicsOf } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireUnblockedRoom } from './blocks.ts'
import { noMessageOfTheirs, requireMessage } from './messages.ts'
import { namesInEdit } from './names.ts'
import { promiseRingingAgain } from './ringings.ts'
import { requireWriting } from './standings.ts'
import { keepVersion } from './versions.ts'

/**
 * message.edit: the author's new text, when the author saw the state that it replaces. It is writing, and rings: who may post nothing there now
 * changes nothing either. Refusals: not-found, forbidden, archived, stale.
 */
export async function editMessage(tx: Tx, { input, actor }: Write<Parsed<'message.edit'>>): Promise<Message> {
  await tx.lock(roomTopic(input.roomId), ...topicsOf(actor))
  const { message, userId, standing } = await requireMessage(tx, { actor, input })
  if (message.authorId !== userId || message.deletedAt !== null) throw noMessageOfTheirs()
  // An edit that is sent again finds its own text: it was stored, and is not stale [W2].
  if (message.body === input.body) return message
  requireWriting(standing)
  if (standing.kind === 'direct') await requireUnblockedRoom(tx.db, input.roomId)
  if (message.changed !== input.changed)
    throw new Refusal('stale', 'The message was changed meanwhile on another device.', { row: { ...message } })
  await keepVersion(tx, message)
  const names = await namesInEdit(tx.db, input, message.names)
  const edited = { ...message, body: input.body, names, editedAt: tx.now }
  const row = await tx.change(roomTopic(input.roomId), { kind: 'message', row: edited })
  await promiseRingingAgain(tx, { before: message, after: row })
  return row
}
