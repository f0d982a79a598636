import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { storeRows } from '#store/rows.ts'
import { nextSeqs } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'

/** A message that is to be stored, before it has its number and seq. */
export type NewMessage = Omit<Message, 'n' | 'changed'>

/** Stores messages of one room, at least one: a number and a seq each, in this order. Counters live in the table, never in memory [W4]. */
export async function storeNewMessages(tx: Tx, roomId: string, drafts: NewMessage[]): Promise<Message[]> {
  const topic = roomTopic(roomId)
  const last = (await nextSeqs(tx.db, [topic], { seqs: drafts.length, posted: drafts.length })).get(topic)!
  const first = { n: last.posted - drafts.length + 1, seq: last.seq - drafts.length + 1 }
  const messages = drafts.map((draft, at) => ({ ...draft, n: first.n + at, changed: first.seq + at }))
  await storeRows(tx.db, 'message', messages)
  tx.announce(topic, { prev: first.seq - 1, seq: last.seq, rows: { message: messages } })
  return messages
}
