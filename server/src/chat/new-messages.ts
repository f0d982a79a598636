import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { chunks } from '#lib/chunks.ts'
import { insertMessages } from '#store/rows.ts'
import { nextSeqs } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'

/** A message that is to be stored, before it has its number and seq. */
export type NewMessage = Omit<Message, 'n' | 'changed'>

const MESSAGES_AT_ONCE = 5_000

/**
 * Stores messages of any rooms: those of one get a number and a seq each, in this order. Counters live in the table, never in memory [W4].
 * `onStored`: told how many are stored so far, and waited for.
 */
export async function storeNewMessages(
  tx: Tx,
  drafts: NewMessage[],
  onStored?: (messages: number) => void | Promise<void>,
): Promise<Message[]> {
  const byRoom = Map.groupBy(drafts, ({ roomId }) => roomId)
  const takes = [...byRoom].map(([roomId, { length }]) => ({ topic: roomTopic(roomId), seqs: length, posted: length }))
  const last = await nextSeqs(tx.db, takes)
  const numbered = [...byRoom].map(([roomId, ofRoom]) => numberedUpTo(last.get(roomTopic(roomId))!, ofRoom))
  const messages = numbered.flat()
  for (const [at, some] of [...chunks(messages, MESSAGES_AT_ONCE)].entries()) {
    await insertMessages(tx.db, some)
    await onStored?.(at * MESSAGES_AT_ONCE + some.length)
  }
  for (const ofRoom of numbered) {
    const [first, end] = [ofRoom[0]!, ofRoom.at(-1)!]
    tx.announce(roomTopic(first.roomId), { prev: first.changed - 1, seq: end.changed, rows: { message: ofRoom } })
  }
  return messages
}

function numberedUpTo({ seq, posted }: { seq: number; posted: number }, drafts: NewMessage[]): Message[] {
  const before = { n: posted - drafts.length, seq: seq - drafts.length }
  return drafts.map((draft, at) => ({ ...draft, n: before.n + at + 1, changed: before.seq + at + 1 }))
}
