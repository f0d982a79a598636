import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findMember, findRoom, noSuchRoom } from './members.ts'

/** room.join: twice is no mistake; whoever had left is back. Refusal: not-found, for a room that is not open as for one that is not there [A3]. */
export async function joinRoom(tx: Tx, { input: { roomId }, actor }: Write<Parsed<'room.join'>>): Promise<Result<'room.join'>> {
  await tx.lock(...topicsOf(actor), roomTopic(roomId))
  const { userId } = await requirePerson(tx, actor)
  const member = await findMember(tx.db, roomId, userId)
  if (member && member.endedAt === null) return { ...member, duplicate: true }
  if ((await findRoom(tx.db, roomId))?.kind !== 'open') throw noSuchRoom()
  const row = { id: userId, roomId, role: 'member' as const, joinedAt: tx.now, endedAt: null }
  return tx.change(roomTopic(roomId), { kind: 'member', row })
}
