import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Member } from '@belfry/protocol/rows.ts'
import { roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import { topicsOfAdmin } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { endMember, requireStandingMember } from './members.ts'
import { isModerator, requireNotGeneral, requireRole, requireRoom } from './standings.ts'

/** member.remove: ends somebody's membership, at once on every device [A2]. Refusals: not-found, forbidden, last-owner. */
export async function removeMember(tx: Tx, { input, actor }: Write<Parsed<'member.remove'>>): Promise<Member> {
  const { roomId, id } = input
  await tx.lock(...topicsOfAdmin(actor), userTopic(id), roomTopic(roomId))
  const governed = await requireRoom(tx, actor, roomId)
  if (governed.room.kind === 'direct') throw new Refusal('forbidden', 'Nobody is removed from a conversation: who wants to leaves it.')
  requireNotGeneral(roomId)
  requireRole(governed, 'moderator', 'Only a moderator or an owner of this room can remove somebody.')
  const member = await requireStandingMember(tx.db, roomId, id)
  if (isModerator(member)) requireRole(governed, 'owner', 'Only an owner of this room can remove its moderators and owners.')
  return endMember(tx, member)
}
