import type { Member, Room } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Actor } from '#store/batch.ts'
import type { Tables } from '#store/schema.ts'

/** A room as whoever invites finds it. `own`: as what they are in it. */
type Found = Pick<Room, 'id' | 'name' | 'kind' | 'archivedAt'> & { own: Member['role'] | null }

/**
 * Lets an invitation lead into the rooms into which its maker could bring somebody: an administrator into open ones, and into the closed ones
 * that they moderate; the operator into all. Refusals: not-found, for a closed one in which they are not [A3]; forbidden, archived.
 */
export async function requireInvitable(db: Kysely<Tables>, actor: Actor, roomIds: string[]): Promise<void> {
  const found = new Map((await roomsAs(db, actor, roomIds)).map((room) => [room.id, room]))
  for (const id of roomIds) {
    const refusal = whyNot(found.get(id), actor)
    if (refusal) throw refusal
  }
}

/** Those of them that are in use: of an invitation that was made long ago the others are left out. */
export async function roomsInUse(db: Kysely<Tables>, roomIds: string[]): Promise<string[]> {
  if (roomIds.length === 0) return []
  const rooms = db.selectFrom('rooms').select('id').where('id', 'in', roomIds).where('archivedAt', 'is', null)
  return (await rooms.execute()).map(({ id }) => id)
}

async function roomsAs(db: Kysely<Tables>, actor: Actor, roomIds: string[]): Promise<Found[]> {
  if (roomIds.length === 0) return []
  const userId = actor.is === 'person' ? actor.userId : null
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

function whyNot(room: Found | undefined, { is }: Actor): Refusal | null {
  const isHidden = room?.kind === 'closed' && is !== 'operator'
  if (!room || (isHidden && room.own === null)) return new Refusal('not-found', 'There is no such room.')
  if (room.id === GENERAL_ROOM) return new Refusal('forbidden', 'Everyone but guests is in General: no invitation leads there.')
  if (isHidden && room.own === 'member')
    return new Refusal('forbidden', `Only a moderator or an owner of ${room.name} can invite people into it.`)
  return room.archivedAt === null ? null : new Refusal('archived', `${room.name} is archived.`)
}
