import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { chunks } from '#lib/chunks.ts'
import { storeNewRows } from '#store/rows.ts'
import { nextSeqs } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'

/** A message that is to be stored, before it has its number and seq. */
export type NewMessage = Omit<Message, 'n' | 'changed'>

/** Messages of one room, at least one. `onStored`: told how many are stored so far. */
interface ToStore {
  roomId: string
  drafts: NewMessage[]
  onStored?: (messages: number) => void
}

const MESSAGES_AT_ONCE = 5_000

/** Stores messages: a number and a seq each, in this order. Counters live in the table, never in memory [W4]. */
export async function storeNewMessages(tx: Tx, { roomId, drafts, onStored }: ToStore): Promise<Message[]> {
  const topic = roomTopic(roomId)
  const last = (await nextSeqs(tx.db, [topic], { seqs: drafts.length, posted: drafts.length })).get(topic)!
  const first = { n: last.posted - drafts.length + 1, seq: last.seq - drafts.length + 1 }
  const messages = drafts.map((draft, at) => ({ ...draft, n: first.n + at, changed: first.seq + at }))
  for (const [at, some] of [...chunks(messages, MESSAGES_AT_ONCE)].entries()) {
    await storeNewRows(tx.db, 'message', some)
    onStored?.(at * MESSAGES_AT_ONCE + some.length)
  }
  tx.announce(topic, { prev: first.seq - 1, seq: last.seq, rows: { message: messages } })
  return messages
}
