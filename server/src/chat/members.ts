import type { Member, Room } from '@belfry/protocol/rows.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

const ROOM_COLUMNS = columnsOf('room') as (keyof Room)[]
const MEMBER_COLUMNS = columnsOf('member') as (keyof Member)[]

/** Who stands in which room. */
export interface Members {
  has(roomId: string, userId: string): boolean
}

/** The standing ones among these people in these rooms. */
export async function standingMembers(db: Kysely<Tables>, roomIds: string[], userIds: string[]): Promise<Members> {
  const rows = await db
    .selectFrom('members')
    .select(['roomId', 'id'])
    .where('roomId', 'in', [...new Set(roomIds)])
    .where('id', 'in', [...new Set(userIds)])
    .where('endedAt', 'is', null)
    .execute()
  const found = new Set(rows.map((row) => `${row.roomId} ${row.id}`))
  return { has: (roomId, userId) => found.has(`${roomId} ${userId}`) }
}

/** Also one whose membership has ended. */
export async function findMember(db: Kysely<Tables>, roomId: string, userId: string): Promise<Member | undefined> {
  return db.selectFrom('members').select(MEMBER_COLUMNS).where('roomId', '=', roomId).where('id', '=', userId).executeTakeFirst()
}

/** Who is a member of the room, or was one. */
export async function everMembers(db: Kysely<Tables>, roomId: string): Promise<Set<string>> {
  const rows = await db.selectFrom('members').select('id').where('roomId', '=', roomId).execute()
  return new Set(rows.map(({ id }) => id))
}

/** Refuses whoever is no member, as if the room were not there [A3]. */
export async function requireMember(tx: Tx, roomId: string, userId: string): Promise<void> {
  const members = await standingMembers(tx.db, [roomId], [userId])
  if (!members.has(roomId, userId)) throw noSuchRoom()
}

export function noSuchRoom(): Refusal {
  return new Refusal('not-found', 'There is no such room.')
}

/** Whether somebody may read the room now: everybody an open one, its members any. */
export async function mayReadRoom(db: Kysely<Tables>, userId: string, roomId: string): Promise<boolean> {
  const room = await findRoom(db, roomId)
  if (!room) return false
  if (room.kind === 'open') return true
  return (await standingMembers(db, [roomId], [userId])).has(roomId, userId)
}

export async function findRoom(db: Kysely<Tables>, id: string): Promise<Room | undefined> {
  return db.selectFrom('rooms').select(ROOM_COLUMNS).where('id', '=', id).executeTakeFirst()
}
