import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Member } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { endMember, findMember } from './members.ts'
import { noSuchRoom, requireNotGeneral } from './standings.ts'

/** room.leave: twice is no mistake. Refusals: not-found, forbidden (General holds everyone), last-owner. */
export async function leaveRoom(tx: Tx, { input: { roomId }, actor }: Write<Parsed<'room.leave'>>): Promise<Member> {
  await tx.lock(...topicsOf(actor), roomTopic(roomId))
  const { userId } = await requirePerson(tx, actor)
  const member = await findMember(tx.db, roomId, userId)
  if (!member) throw noSuchRoom()
  requireNotGeneral(roomId)
  return member.endedAt === null ? endMember(tx, member) : member
}
