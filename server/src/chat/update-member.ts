import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Member } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { topicsOfAdmin } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireAnotherOwner, requireStandingMember } from './members.ts'
import { requireRole, requireRoom } from './standings.ts'

/** member.update: another role, as owners give them. Refusals: not-found, forbidden, last-owner. */
export async function updateMember(tx: Tx, { input, actor }: Write<Parsed<'member.update'>>): Promise<Member> {
  const { roomId, id, role } = input
  await tx.lock(...topicsOfAdmin(actor), roomTopic(roomId))
  const governed = await requireRoom(tx, actor, roomId)
  requireRole(governed, 'owner', 'Only an owner of this room can say who is what.')
  const member = await requireStandingMember(tx.db, roomId, id)
  if (member.role === role) return member
  await requireAnotherOwner(tx.db, member)
  return tx.change(roomTopic(roomId), { kind: 'member', row: { ...member, role } })
}
