import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import { topicsOfAdmin } from '#accounts/actor.ts'
import { requireUser } from '#accounts/users.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findMember, storeMembers } from './members.ts'
import { noSuchRoom, requireInUse, requireRole, requireRoom } from './standings.ts'

/** member.add: somebody else becomes a member. Twice is no mistake; whoever had left is back. Refusals: not-found, forbidden, archived. */
export async function addMember(tx: Tx, { input, actor }: Write<Parsed<'member.add'>>): Promise<Result<'member.add'>> {
  const { roomId, id: userId } = input
  await tx.lock(...topicsOfAdmin(actor), userTopic(userId), roomTopic(roomId))
  const governed = await requireRoom(tx, actor, roomId)
  const { kind } = governed.room
  if (kind === 'direct') throw noSuchRoom()
  if (kind === 'open') requireRole(governed, 'member', 'Join this room first, then add others.')
  else requireRole(governed, 'moderator', 'Only a moderator or an owner of a closed room can add somebody.')
  const member = await findMember(tx.db, roomId, userId)
  if (member && member.endedAt === null) return { ...member, duplicate: true }
  requireInUse(governed.room)
  const { username, disabledAt } = await requireUser(tx.db, userId)
  if (disabledAt !== null) throw new Refusal('not-found', `The account ${username} is disabled.`)
  const [added] = await storeMembers(tx, [{ roomId, userId, role: 'member' }])
  return added!
}
