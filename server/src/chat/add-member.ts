import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import type { Member, User } from '@belfry/protocol/rows.ts'
import { roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import { topicsOfAdmin } from '#accounts/actor.ts'
import { findMember } from '#accounts/memberships.ts'
import { requireUserFor } from '#accounts/users.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireUnblocked } from './blocks.ts'
import { findDirect, isPair, peopleKey, peopleOf, requireFewEnough, storePeople } from './directs.ts'
import { storeMembers } from './members.ts'
import { type Governed, requireInUse, requireRole, requireRoom } from './standings.ts'

/**
 * member.add: somebody else becomes a member. Twice is no mistake; whoever had left is back. Refusals: not-found, forbidden, archived; of a
 * conversation conflict (these people have one already) and too-large.
 */
export async function addMember(tx: Tx, { input, actor }: Write<Parsed<'member.add'>>): Promise<Result<'member.add'>> {
  const { roomId, id: userId } = input
  await tx.lock(...topicsOfAdmin(actor), userTopic(userId), roomTopic(roomId))
  const governed = await requireRoom(tx, actor, roomId)
  requireMayAdd(governed)
  const member = await findMember(tx.db, roomId, userId)
  if (member && member.endedAt === null) return { ...member, duplicate: true }
  requireInUse(governed.room)
  const user = await requireUserFor(tx.db, governed.userId, userId)
  if (user.disabledAt !== null) throw new Refusal('not-found', `The account ${user.username} is disabled.`)
  if (governed.room.kind === 'direct') return growDirect(tx, governed, user)
  const [added] = await storeMembers(tx, [{ roomId, userId, role: 'member' }])
  return added!
}

function requireMayAdd(governed: Governed): void {
  switch (governed.room.kind) {
    case 'open':
      return requireRole(governed, 'member', 'Join this room first, then add others.')
    case 'closed':
      return requireRole(governed, 'moderator', 'Only a moderator or an owner of a closed room can add somebody.')
    case 'direct':
      return
    default:
      governed.room.kind satisfies never
  }
}

/** A group grows, and who comes to it sees what is written from then on. */
async function growDirect(tx: Tx, { room, userId }: Governed, user: User): Promise<Member> {
  if (await isPair(tx.db, room.id)) throw new Refusal('forbidden', 'A conversation of two stays one. Begin another with all of you.')
  const people = [...(await peopleOf(tx.db, room.id)), user.id]
  requireFewEnough(people)
  await requireUnblocked(tx.db, userId, [user])
  if (await findDirect(tx.db, peopleKey(people))) throw new Refusal('conflict', 'These people have a conversation already. Open that one.')
  await storePeople(tx, room.id, people)
  const [added] = await storeMembers(tx, [{ roomId: room.id, userId: user.id, role: 'member', place: { notify: 'everything' } }])
  return added!
}
