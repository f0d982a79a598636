import type { Message } from '@belfry/protocol/rows.ts'
import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

/** Whoever reads along has read a message by then: it need not ring for them. */
const RING_AFTER_MS = 1_500

/** What is to be looked at: for whom do these messages ring, as they are by then? */
export interface Ringing {
  messageIds: string[]
}

/** Has new messages ring for whom they concern, once they are committed [W5]. */
export async function promiseRinging(tx: Tx, messages: Message[]): Promise<void> {
  if (messages.length === 0) return
  const loud = await roomsOfEverything(tx.db, [...new Set(messages.map(({ roomId }) => roomId))])
  const messageIds = messages.filter((message) => concernsSomebody(message) || loud.has(message.roomId)).map(({ id }) => id)
  if (messageIds.length > 0) promiseRingingOf(tx, messageIds)
}

/** The same of one that was edited or deleted: it may name somebody now, and what it said before may have rung. */
export async function promiseRingingAgain(tx: Tx, message: Message): Promise<void> {
  if (concernsSomebody(message) || (await hasRung(tx.db, message))) promiseRingingOf(tx, [message.id])
}

/** Of these messages, by one job. */
export function promiseRingingOf(tx: Tx, messageIds: string[]): void {
  const input: Ringing = { messageIds }
  tx.promise({ kind: 'message.ring', input, dueAt: tx.now + RING_AFTER_MS })
}

function concernsSomebody({ names, replyTo }: Message): boolean {
  return replyTo !== null || Object.keys(names).length > 0
}

/** Those of these rooms of which somebody wants to hear everything. */
async function roomsOfEverything(db: Kysely<Tables>, roomIds: string[]): Promise<Set<string>> {
  const loud = db.selectFrom('places').select('id').distinct().where('id', 'in', roomIds).where('notify', '=', 'everything')
  return new Set((await loud.where('endedAt', 'is', null).execute()).map(({ id }) => id))
}

async function hasRung(db: Kysely<Tables>, { roomId, n }: Message): Promise<boolean> {
  const rung = db.selectFrom('notifications').select('id').where('roomId', '=', roomId).where('n', '=', n)
  return (await rung.limit(1).executeTakeFirst()) !== undefined
}
