import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Member } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { findMember } from '#accounts/memberships.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { isPair, peopleOf, storePeople } from './directs.ts'
import { endMember } from './members.ts'
import { noSuchRoom, requireNotGeneral } from './standings.ts'

/** room.leave: twice is no mistake. Refusals: not-found, forbidden (General holds everyone, and a conversation of two both), last-owner. */
export async function leaveRoom(tx: Tx, { input: { roomId }, actor }: Write<Parsed<'room.leave'>>): Promise<Member> {
  await tx.lock(...topicsOf(actor), roomTopic(roomId))
  const { userId } = await requirePerson(tx, actor)
  const member = await findMember(tx.db, roomId, userId)
  if (!member) throw noSuchRoom()
  requireNotGeneral(roomId)
  if (member.endedAt !== null) return member
  await leavePeople(tx, roomId, userId)
  return endMember(tx, member)
}

/** Who leaves a group is none of its people any more; a pair nobody leaves. */
async function leavePeople(tx: Tx, roomId: string, userId: string): Promise<void> {
  const people = await peopleOf(tx.db, roomId)
  if (people.length === 0) return
  if (await isPair(tx.db, roomId)) throw new Refusal('forbidden', 'A conversation of two stays with both. Hide it, or block the other.')
  await storePeople(
    tx,
    roomId,
    people.filter((id) => id !== userId),
  )
}
