import type { Block, User } from '@belfry/protocol/rows.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import { compiledOnce } from '#store/compiled-once.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { pairsAmong, peopleIn, peopleKey } from './directs.ts'

const BLOCK_COLUMNS = columnsOf('block') as (keyof Block)[]

/** Also one that has ended. */
export async function findBlock(db: Kysely<Tables>, userId: string, blockedId: string): Promise<Block | undefined> {
  return db.selectFrom('blocks').select(BLOCK_COLUMNS).where('userId', '=', userId).where('id', '=', blockedId).executeTakeFirst()
}

/** Those that stand. */
export async function blocksOf(db: Kysely<Tables>, userId: string): Promise<Block[]> {
  return blocksOfOne(db, [userId])
}

const blocksOfOne = compiledOnce((db, [userId]: [string]) =>
  db.selectFrom('blocks').select(BLOCK_COLUMNS).where('userId', '=', userId).where('endedAt', 'is', null),
)

/** Which of these people have blocked somebody. */
export async function blockersOf(db: Kysely<Tables>, blockedId: string, userIds: string[]): Promise<Set<string>> {
  if (userIds.length === 0) return new Set()
  const standing = db.selectFrom('blocks').select('userId').where('id', '=', blockedId).where('endedAt', 'is', null)
  const rows = await standing.where('userId', 'in', userIds).execute()
  return new Set(rows.map(({ userId }) => userId))
}

/** For somebody who wants to talk with these people. Refusal: forbidden, when one of them has blocked the other. */
export async function requireUnblocked(db: Kysely<Tables>, userId: string, others: Pick<User, 'id' | 'name'>[]): Promise<void> {
  const blockers = await blockersOf(
    db,
    userId,
    others.map(({ id }) => id),
  )
  const blocked = new Set((await blocksOf(db, userId)).map(({ id }) => id))
  for (const { id, name } of others) {
    if (blocked.has(id)) throw new Refusal('forbidden', `You have blocked ${name}. End that first.`)
    // That somebody has blocked them is not said.
    if (blockers.has(id)) throw new Refusal('forbidden', `No conversation can be opened with ${name}.`)
  }
}

/** Nothing new is said, or reacted, in a conversation of two of whom one has blocked the other. Refusal: forbidden. */
export async function requireUnblockedRoom(db: Kysely<Tables>, roomId: string): Promise<void> {
  const isBlocked = (await blockedDirects(db, [roomId])).has(roomId)
  if (isBlocked) throw new Refusal('forbidden', 'One of you has blocked the other: nothing changes here.')
}

/** Those of these conversations of two in which one has blocked the other. */
export async function blockedDirects(db: Kysely<Tables>, roomIds: string[]): Promise<Set<string>> {
  const pairs = await pairsAmong(db, roomIds)
  if (pairs.size === 0) return new Set()
  const ids = [...new Set([...pairs.values()].flatMap(peopleIn))]
  const standing = db.selectFrom('blocks').select(['id', 'userId']).where('endedAt', 'is', null)
  const rows = await standing.where('id', 'in', ids).where('userId', 'in', ids).execute()
  const blocked = new Set(rows.map(({ id, userId }) => peopleKey([id, userId])))
  return new Set([...pairs].filter(([, people]) => blocked.has(people)).map(([id]) => id))
}
