import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { findMember } from '#accounts/memberships.ts'
import { isGuest } from '#accounts/guests.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { storeMembers } from './members.ts'
import { findRoom, noSuchRoom, requireInUse } from './standings.ts'

/** room.join: twice is no mistake; whoever had left is back. Refusals: not-found, for a room that is not open as for one that is not there [A3]; archived. */
export async function joinRoom(tx: Tx, { input: { roomId }, actor }: Write<Parsed<'room.join'>>): Promise<Result<'room.join'>> {
  await tx.lock(...topicsOf(actor), roomTopic(roomId))
  const { userId } = await requirePerson(tx, actor)
  const member = await findMember(tx.db, roomId, userId)
  if (member && member.endedAt === null) return { ...member, duplicate: true }
  const room = await findRoom(tx.db, roomId)
  if (room?.kind !== 'open' || (await isGuest(tx.db, userId))) throw noSuchRoom()
  requireInUse(room)
  const [joined] = await storeMembers(tx, [{ roomId, userId, role: 'member' }])
  return joined!
}
