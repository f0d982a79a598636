import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Room } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { topicsOfAdmin } from '#accounts/actor.ts'
import { findMember } from '#accounts/memberships.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { ownersOf, storeMembers } from './members.ts'
import { requireFreeName } from './rooms.ts'
import { requireRole, requireRoom } from './standings.ts'

type Update = Parsed<'room.update'>

const OWNERS_DECIDE = ['kind', 'posting', 'history', 'archivedAt'] as const

/**
 * room.update: its name and description, as moderators may; its kind, who posts, what newcomers see of it when it is closed, and whether it is
 * in use, as owners may. Whoever reads an open room without being a member of it loses it at once when it is closed [A2]. Refusals: not-found,
 * forbidden, name-taken.
 */
export async function updateRoom(tx: Tx, { input, actor }: Write<Update>): Promise<Room> {
  await tx.lock(...topicsOfAdmin(actor), roomTopic(input.roomId))
  const governed = await requireRoom(tx, actor, input.roomId)
  const { room: before } = governed
  if (before.kind === 'direct') throw new Refusal('forbidden', 'A conversation has no name and no owner: nothing of it is changed.')
  const after = updated(before, input, tx.now)
  requireRole(governed, 'moderator', 'Only a moderator or an owner of this room can do this.')
  if (OWNERS_DECIDE.some((column) => before[column] !== after[column]))
    requireRole(governed, 'owner', 'Only an owner of this room can do this.')
  requireGeneralToStay(after)
  if (isSame(before, after)) return before
  await requireFreeName(tx.db, after)
  if (after.kind === 'closed' && before.kind === 'open') await keepOwned(tx, before.id, governed.userId)
  return tx.change(roomTopic(before.id), { kind: 'room', row: after })
}

/** An imported room has no owner, and of a closed one administrators know nothing: whoever closes it owns it then. */
async function keepOwned(tx: Tx, roomId: string, userId: string): Promise<void> {
  if ((await ownersOf(tx.db, roomId)).length > 0) return
  const member = await findMember(tx.db, roomId, userId)
  if (member && member.endedAt === null) await tx.change(roomTopic(roomId), { kind: 'member', row: { ...member, role: 'owner' } })
  else await storeMembers(tx, [{ roomId, userId, role: 'owner' }])
}

function updated(room: Room, { name, description, kind, posting, history, archived }: Update, now: number): Room {
  return {
    ...room,
    name: name ?? room.name,
    description: description ?? room.description,
    kind: kind ?? room.kind,
    posting: posting ?? room.posting,
    history: history ?? room.history,
    archivedAt: archived === undefined ? room.archivedAt : archived ? (room.archivedAt ?? now) : null,
  }
}

function requireGeneralToStay({ id, kind, archivedAt }: Room): void {
  if (id !== GENERAL_ROOM || (kind === 'open' && archivedAt === null)) return
  throw new Refusal('forbidden', 'Everyone is in General: it stays open, and in use.')
}

function isSame(before: Room, after: Room): boolean {
  return (Object.keys(after) as (keyof Room)[]).every((column) => before[column] === after[column])
}
