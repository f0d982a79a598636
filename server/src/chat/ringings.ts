import type { Message } from '@belfry/protocol/rows.ts'
import { type Kysely, sql } from 'kysely'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

/** Whoever reads along has read a message by then: it need not ring for them. */
const RING_AFTER_MS = 1_500

/** What is to be looked at: for whom do these messages ring, as they are by then? */
export interface Ringing {
  messageIds: string[]
  /** Whom, or which of many, an edit of the one message names in addition: it rings for them also where they have read that far. */
  namedAnew?: string[]
}

/** Has new messages ring for whom they concern, once they are committed [W5]. */
export async function promiseRinging(tx: Tx, messages: Message[]): Promise<void> {
  if (messages.length === 0) return
  const loud = await roomsOfEverything(tx.db, [...new Set(messages.map(({ roomId }) => roomId))])
  const messageIds = messages.filter((message) => concernsSomebody(message) || loud.has(message.roomId)).map(({ id }) => id)
  if (messageIds.length > 0) promiseRingingOf(tx, { messageIds })
}

/** The same of one that was edited or deleted: it may name somebody now, and what it said before may have rung. */
export async function promiseRingingAgain(tx: Tx, { before, after }: Record<'before' | 'after', Message>): Promise<void> {
  if (!concernsSomebody(after) && !(await hasRung(tx.db, after))) return
  const named = new Set(Object.values(before.names))
  const namedAnew = Object.values(after.names).filter((who) => !named.has(who))
  promiseRingingOf(tx, { messageIds: [after.id], namedAnew })
}

/** By one job. */
export function promiseRingingOf(tx: Tx, input: Ringing): void {
  tx.promise({ kind: 'message.ring', input, dueAt: tx.now + RING_AFTER_MS })
}

function concernsSomebody({ names, replyTo }: Message): boolean {
  return replyTo !== null || Object.keys(names).length > 0
}

/** Those of these rooms of which somebody wants to hear everything. */
async function roomsOfEverything(db: Kysely<Tables>, roomIds: string[]): Promise<Set<string>> {
  return new Set((await askedForEverything(db, rounded(roomIds))).map(({ id }) => id))
}

const askedForEverything = compiledOnce((db, roomIds: string[]) =>
  db
    .selectFrom('places')
    .select('id')
    .distinct()
    .where('id', 'in', roomIds)
    .where('notify', '=', sql.lit('everything'))
    .where('endedAt', 'is', null),
)

async function hasRung(db: Kysely<Tables>, { roomId, n }: Message): Promise<boolean> {
  const rung = db.selectFrom('notifications').select('id').where('roomId', '=', roomId).where('n', '=', n)
  return (await rung.limit(1).executeTakeFirst()) !== undefined
}
