import type { Member, Room } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Tables } from '#store/schema.ts'
import { findUser } from './users.ts'

/** Whose invitation it is, or who looks at some: an administrator's id, or (null) the operator, who may all. */
export type Inviter = string | null

/** A room as whoever invites finds it. `own`: as what they are in it. */
type Found = Pick<Room, 'id' | 'name' | 'kind' | 'archivedAt'> & { own: Member['role'] | null }

/**
 * Lets an invitation lead into the rooms into which its maker could bring somebody: an administrator into open ones, and into the closed ones
 * that they moderate; the operator into all. Refusals: not-found, for a closed one in which they are not [A3]; forbidden, archived.
 */
export async function requireInvitable(db: Kysely<Tables>, inviter: Inviter, roomIds: string[]): Promise<void> {
  const found = new Map((await roomsAs(db, inviter, roomIds)).map((room) => [room.id, room]))
  for (const id of roomIds) {
    const refusal = whyNot(found.get(id), inviter)
    if (refusal) throw refusal
  }
}

/** Into which of these rooms somebody can bring others now: what they made earlier leads no further than what they could make. */
export async function invitableBy(db: Kysely<Tables>, inviter: Inviter, roomIds: string[]): Promise<Set<string>> {
  const user = inviter === null ? null : await findUser(db, inviter)
  if (roomIds.length === 0 || (user?.disabledAt ?? null) !== null) return new Set()
  const isAdmin = inviter === null || user?.role === 'admin'
  const found = await roomsAs(db, inviter, roomIds)
  return idsOf(found.filter((room) => (isAdmin || room.kind === 'closed') && whyNot(room, inviter) === null))
}

/** Which of these rooms an administrator may know of. */
export async function visibleTo(db: Kysely<Tables>, viewer: Inviter, roomIds: string[]): Promise<Set<string>> {
  return idsOf((await roomsAs(db, viewer, roomIds)).filter((room) => !isHidden(room, viewer)))
}

async function roomsAs(db: Kysely<Tables>, userId: Inviter, roomIds: string[]): Promise<Found[]> {
  if (roomIds.length === 0) return []
  return db
    .selectFrom('rooms')
    .leftJoin('members', (join) =>
      join.onRef('members.roomId', '=', 'rooms.id').on('members.id', '=', userId).on('members.endedAt', 'is', null),
    )
    .select(['rooms.id', 'rooms.name', 'rooms.kind', 'rooms.archivedAt', 'members.role as own'])
    .where('rooms.id', 'in', roomIds)
    .where('rooms.kind', '!=', 'direct')
    .execute()
}

function whyNot(room: Found | undefined, inviter: Inviter): Refusal | null {
  if (!room || isHidden(room, inviter)) return new Refusal('not-found', 'There is no such room.')
  if (room.id === GENERAL_ROOM) return new Refusal('forbidden', 'Everyone but guests is in General: no invitation leads there.')
  if (room.kind === 'closed' && room.own === 'member')
    return new Refusal('forbidden', `Only a moderator or an owner of ${room.name} can invite people into it.`)
  return room.archivedAt === null ? null : new Refusal('archived', `${room.name} is archived.`)
}

function isHidden({ kind, own }: Found, viewer: Inviter): boolean {
  return kind === 'closed' && own === null && viewer !== null
}

function idsOf(rooms: Found[]): Set<string> {
  return new Set(rooms.map(({ id }) => id))
}
