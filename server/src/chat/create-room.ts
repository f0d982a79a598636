import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { ID_MAX_AGE_MS } from '@belfry/protocol/limits.ts'
import type { Room } from '@belfry/protocol/rows.ts'
import { roomTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import { uuidTime, uuidv7 } from '@belfry/protocol/uuid.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { requireNoGuest } from '#accounts/guests.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { storeMembers } from './members.ts'
import { requireFreeName } from './rooms.ts'
import { findRoom, sightIn } from './standings.ts'

type Create = Parsed<'room.create'>

/** room.create: the room, and its maker in it as its owner. Refusals: name-taken, conflict, expired; forbidden, for guests. */
export async function createRoom(tx: Tx, { input, actor }: Write<Create>): Promise<Result<'room.create'>> {
  const roomId = input.id ?? uuidv7()
  await tx.lock(...topicsOf(actor), roomTopic(roomId), WORKSPACE_TOPIC)
  const { userId } = await requirePerson(tx, actor)
  const there = await findRoom(tx.db, roomId)
  if (there) return asDuplicate(tx, there, userId)
  await requireNoGuest(tx.db, userId, 'Guests make no rooms.')
  if (uuidTime(roomId) < tx.now - ID_MAX_AGE_MS)
    throw new Refusal('expired', 'This room waited more than 30 days to be made. Make it anew.')
  const made = newRoom(input, { id: roomId, now: tx.now })
  await requireFreeName(tx.db, made)
  const room = await tx.change(roomTopic(roomId), { kind: 'room', row: made, extra: { createdBy: userId } })
  await storeMembers(tx, [{ roomId, userId, role: 'owner' }])
  return room
}

/** The id is looked up before all else: whoever sends again gets the room as it is now [W3], unless they are in it no more [A3]. */
async function asDuplicate(tx: Tx, room: Room, userId: string): Promise<Result<'room.create'>> {
  const { createdBy } = await tx.db.selectFrom('rooms').select('createdBy').where('id', '=', room.id).executeTakeFirstOrThrow()
  if (createdBy !== userId || !(await sightIn(tx.db, userId, room.id))) throw new Refusal('conflict', 'This id is taken. Make a new one.')
  return { ...room, duplicate: true }
}

function newRoom(
  { name, kind, description = '', posting = 'members', history = 'whole' }: Create,
  { id, now }: { id: string; now: number },
): Omit<Room, 'changed'> {
  return { id, name, kind, description, posting, history, createdAt: now, archivedAt: null }
}
