import type { Change, DownFrame, Snapshot, ToldFrame } from './down.ts'
import type { Message, ToldMessage } from './rows.ts'
import { parseTopic } from './topics.ts'

/** A frame as it is sent: of its messages it leaves out what their topic says, and what is not there. */
export function downText(frame: DownFrame): string {
  if (!isOfRows(frame) || !frame.rows.message) return JSON.stringify(frame)
  return JSON.stringify({ ...frame, rows: { ...frame.rows, message: frame.rows.message.map(told) } })
}

/** What {@link downText} was made of. Throws where the text is no JSON. */
export function downFrameIn(text: string): DownFrame {
  const frame = JSON.parse(text) as ToldFrame
  if (!isOfRows(frame) || !frame.rows.message) return frame as DownFrame
  const roomId = parseTopic(frame.topic)?.id ?? ''
  return { ...frame, rows: { ...frame.rows, message: frame.rows.message.map((message) => whole(message, roomId)) } }
}

function isOfRows<Frame extends { t: string }>(frame: Frame): frame is Extract<Frame, { t: (Snapshot | Change)['t'] }> {
  return frame.t === 'change' || frame.t === 'snapshot'
}

function told({ id, n, changed, authorId, body, replyTo, names, createdAt, editedAt, deletedAt }: Message): ToldMessage {
  const message: ToldMessage = { id, n, changed, authorId, body, createdAt }
  if (replyTo !== null) message.replyTo = replyTo
  if (Object.keys(names).length > 0) message.names = names
  if (editedAt !== null) message.editedAt = editedAt
  if (deletedAt !== null) message.deletedAt = deletedAt
  return message
}

function whole(message: ToldMessage, roomId: string): Message {
  const { id, n, changed, authorId, body, replyTo = null, names = {}, createdAt, editedAt = null, deletedAt = null } = message
  return { id, roomId, n, changed, authorId, body, replyTo, names, createdAt, editedAt, deletedAt }
}
