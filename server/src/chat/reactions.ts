import type { Message, Reaction } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

const REACTION_COLUMNS = columnsOf('reaction') as (keyof Reaction)[]

/** Whose emoji at which message. */
export interface ReactionKey {
  messageId: string
  userId: string
  emoji: string
}

export function reactionId({ messageId, userId, emoji }: ReactionKey): string {
  return `${messageId}:${userId}:${emoji}`
}

/** Also one that has ended. */
export async function findReaction(db: Kysely<Tables>, of: ReactionKey): Promise<Reaction | undefined> {
  return db.selectFrom('reactions').select(REACTION_COLUMNS).where('id', '=', reactionId(of)).executeTakeFirst()
}

/** Those that stand at these messages of one room. */
export async function reactionsOf(db: Kysely<Tables>, messages: readonly Message[]): Promise<Reaction[]> {
  return messages.length === 0 ? [] : at(db, messages).select(REACTION_COLUMNS).orderBy('n').orderBy('changed').execute()
}

/** How many stand at each of these messages, by number. */
export async function reactionCounts(db: Kysely<Tables>, messages: readonly Message[]): Promise<Map<number, number>> {
  if (messages.length === 0) return new Map()
  const counts = at(db, messages).groupBy('n')
  const rows = await counts.select((eb) => ['n', eb.fn.countAll<number>().as('count')]).execute()
  return new Map(rows.map(({ n, count }) => [n, count]))
}

function at(db: Kysely<Tables>, messages: readonly Message[]) {
  const ofRoom = db.selectFrom('reactions').where('roomId', '=', messages[0]!.roomId)
  const numbers = messages.map(({ n }) => n)
  return ofRoom.where('n', 'in', numbers).where('endedAt', 'is', null)
}

/** Whoever deletes a message takes what stands at it along. */
export async function endReactions(tx: Tx, message: Message): Promise<void> {
  const standing = await reactionsOf(tx.db, [message])
  if (standing.length === 0) return
  const topic = roomTopic(message.roomId)
  await tx.changeEach(
    'reaction',
    standing.map((row) => ({ topic, row: { ...row, endedAt: tx.now } })),
  )
}
