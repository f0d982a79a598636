import type { Parsed } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireAdmin, topicsOfAdmin } from './actor.ts'
import { joinRooms, leaveGeneral } from './memberships.ts'
import { endSessions, sessionsOf } from './sessions.ts'
import { changeUser, requireFreeUsername, requireUser } from './users.ts'

type Update = Parsed<'user.update'>

/**
 * user.update: another name, role or state of an account, in one write. Disabling signs it out everywhere at once [A4]; its messages
 * stay. So does becoming a guest, or being none any more: then somebody sees another world. Refusals: not-found, username-taken, last-admin, and forbidden for whoever is no administrator.
 */
export async function updateUser(tx: Tx, { input, actor }: Write<Update>): Promise<User> {
  await tx.lock(...topicsOfAdmin(actor), userTopic(input.id), roomTopic(GENERAL_ROOM))
  await requireAdmin(tx, actor)
  const before = await requireUser(tx.db, input.id)
  const after = updated(before, input, tx.now)
  if (after.username !== before.username) await requireFreeUsername(tx.db, after)
  if (administers(before) && !administers(after)) await requireAnotherAdmin(tx, before)
  const [wasGuest, willBeGuest] = [before.role === 'guest', after.role === 'guest']
  const isDisabled = before.disabledAt === null && after.disabledAt !== null
  if (isDisabled || wasGuest !== willBeGuest) await endSessions(tx, before.id, await sessionsOf(tx.db, before.id))
  if (willBeGuest && !wasGuest) await leaveGeneral(tx, before.id)
  if (wasGuest && !willBeGuest) await joinRooms(tx, before.id, [GENERAL_ROOM])
  return changeUser(tx, before, after)
}

function updated(user: User, { username, name, role, isDisabled }: Update, now: number): User {
  return {
    ...user,
    username: username?.normalize('NFC') ?? user.username,
    name: name ?? user.name,
    role: role ?? user.role,
    disabledAt: isDisabled === undefined ? user.disabledAt : isDisabled ? (user.disabledAt ?? now) : null,
  }
}

function administers(user: User): boolean {
  return user.role === 'admin' && user.disabledAt === null
}

/** One who can sign in. Roles change under the workspace's lock: of two administrators who unmake each other at once, one stays. */
async function requireAnotherAdmin(tx: Tx, { id, username }: User): Promise<void> {
  const withPassword = tx.db.selectFrom('users').innerJoin('passwords', 'passwords.userId', 'users.id').select('id')
  const others = withPassword.where('role', '=', 'admin').where('disabledAt', 'is', null).where('id', '!=', id)
  if (await others.limit(1).executeTakeFirst()) return
  throw new Refusal('last-admin', `${username} is the last administrator. Make another one first.`)
}
