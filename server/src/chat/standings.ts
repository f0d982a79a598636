import type { Member, Room } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { requirePerson } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Actor } from '#store/batch.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

/** What a member may do, from least to most. */
const ROLES = ['member', 'moderator', 'owner'] as const satisfies Member['role'][]

const ROOM_COLUMNS = columnsOf('room') as (keyof Room)[]

export async function findRoom(db: Kysely<Tables>, id: string): Promise<Room | undefined> {
  return db.selectFrom('rooms').select(ROOM_COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** How a member stands in a room: what decides on what they may write there. */
export type Standing = Pick<Room, 'posting' | 'archivedAt'> & Pick<Member, 'role'>

export interface Standings {
  /** Undefined: no member. */
  of(roomId: string, userId: string): Standing | undefined
}

/** Of these people in these rooms. An administrator among the members of an open room stands there as an owner. */
export async function standingsOf(db: Kysely<Tables>, roomIds: string[], userIds: string[]): Promise<Standings> {
  const rows = await db
    .selectFrom('members')
    .innerJoin('rooms', 'rooms.id', 'members.roomId')
    .innerJoin('users', 'users.id', 'members.id')
    .select([
      'members.roomId',
      'members.id as userId',
      'members.role',
      'rooms.kind',
      'rooms.posting',
      'rooms.archivedAt',
      'users.role as is',
    ])
    .where('members.roomId', 'in', [...new Set(roomIds)])
    .where('members.id', 'in', [...new Set(userIds)])
    .where('members.endedAt', 'is', null)
    .execute()
  const standing = ({ role, kind, posting, archivedAt, is }: (typeof rows)[number]): Standing => ({
    role: is === 'admin' && kind === 'open' ? 'owner' : role,
    posting,
    archivedAt,
  })
  const found = new Map(rows.map((row) => [`${row.roomId} ${row.userId}`, standing(row)]))
  return { of: (roomId, userId) => found.get(`${roomId} ${userId}`) }
}

/** How a member stands in the room; whoever is none is refused as if it were not there [A3]. */
export async function requireStanding(tx: Tx, roomId: string, userId: string): Promise<Standing> {
  const standing = (await standingsOf(tx.db, [roomId], [userId])).of(roomId, userId)
  if (!standing) throw noSuchRoom()
  return standing
}

export function isModerator({ role }: Pick<Standing, 'role'>): boolean {
  return role !== 'member'
}

/** What an archived room refuses. */
export function requireInUse({ archivedAt }: Pick<Room, 'archivedAt'>): void {
  if (archivedAt !== null) throw archived()
}

export function archived(): Refusal {
  return new Refusal('archived', 'This room is archived. One of its owners can bring it back.')
}

export function noSuchRoom(): Refusal {
  return new Refusal('not-found', 'There is no such room.')
}

/** Everyone is in General, for as long as they have an account. */
export function requireNotGeneral(roomId: string): void {
  if (roomId === GENERAL_ROOM) throw new Refusal('forbidden', 'Everyone is in General: nobody leaves it.')
}

/** Whether somebody may read the room now: everybody an open one, its members any. */
export async function mayReadRoom(db: Kysely<Tables>, userId: string, roomId: string): Promise<boolean> {
  const room = await findRoom(db, roomId)
  if (!room) return false
  if (room.kind === 'open') return true
  return (await standingsOf(db, [roomId], [userId])).of(roomId, userId) !== undefined
}

/** A room as whoever changes it, or who is in it, finds it. */
export interface Governed {
  userId: string
  room: Room
  /** Null: they may read it, and no more. */
  role: Member['role'] | null
}

/** The room, and as what one acts there: as an owner does an administrator in an open room. Refusal: not-found, for whoever may not read it [A3]. */
export async function requireRoom(tx: Tx, actor: Actor, roomId: string): Promise<Governed> {
  const { userId } = await requirePerson(tx, actor)
  const room = await findRoom(tx.db, roomId)
  const standing = (await standingsOf(tx.db, [roomId], [userId])).of(roomId, userId)
  if (!room || (room.kind !== 'open' && !standing)) throw noSuchRoom()
  const isAdmin = room.kind === 'open' && (await administers(tx.db, userId))
  return { userId, room, role: isAdmin ? 'owner' : (standing?.role ?? null) }
}

/** Refusal: forbidden, for whoever acts as less than this. */
export function requireRole({ role }: Pick<Governed, 'role'>, least: Member['role'], detail: string): void {
  if (role === null || ROLES.indexOf(role) < ROLES.indexOf(least)) throw new Refusal('forbidden', detail)
}

async function administers(db: Kysely<Tables>, userId: string): Promise<boolean> {
  const user = await db.selectFrom('users').select('role').where('id', '=', userId).executeTakeFirst()
  return user?.role === 'admin'
}
