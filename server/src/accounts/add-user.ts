import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic, userTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireOperator } from './actor.ts'
import { requireFirstInvite } from './first-invite.ts'
import { findUserByUsername, foldUsername } from './users.ts'

/** `passwordHash`: a PHC string; hashing is too slow for a transaction. */
export interface NewUser {
  username: string
  name?: string | undefined
  role?: 'admin' | 'member'
  passwordHash: string
  /** The hash of the link that lets the first visitor in; only an operator needs none. */
  inviteHash?: string
}

/** user.add, which `user.create` and the command line end in: the profile, the password, a place in General, empty counts. Refusals: username-taken, forbidden. */
export async function addUser(tx: Tx, { input, actor }: Write<NewUser>): Promise<User> {
  await tx.lock(roomTopic(GENERAL_ROOM), WORKSPACE_TOPIC)
  const role = await roleOf(tx, { input, actor })
  if (await findUserByUsername(tx.db, input.username)) {
    throw new Refusal('username-taken', `There is already an account named ${input.username}. Choose another user name.`)
  }
  const user = await storeUser(tx, { ...input, role })
  await tx.db.insertInto('passwords').values({ userId: user.id, hash: input.passwordHash }).execute()
  await joinGeneral(tx, user.id)
  const counts = { id: 'inbox', unread: 0, unseen: 0 }
  await tx.change(userTopic(user.id), { kind: 'counts', row: counts, extra: { userId: user.id } })
  return user
}

async function roleOf(tx: Tx, { input, actor }: Pick<Write<NewUser>, 'input' | 'actor'>): Promise<'admin' | 'member'> {
  if (!input.inviteHash) {
    requireOperator(actor)
    return input.role ?? 'member'
  }
  await requireFirstInvite(tx, input.inviteHash)
  return 'admin'
}

async function storeUser(tx: Tx, input: NewUser & { role: 'admin' | 'member' }): Promise<User> {
  const username = input.username.normalize('NFC')
  const profile = { username, name: input.name ?? username, role: input.role, picture: null, importedFrom: null }
  const row = { id: uuidv7(), ...profile, createdAt: tx.now, disabledAt: null }
  return tx.change(WORKSPACE_TOPIC, { kind: 'user', row, extra: { folded: foldUsername(username) } })
}

async function joinGeneral(tx: Tx, userId: string): Promise<void> {
  const row = { id: userId, roomId: GENERAL_ROOM, role: 'member' as const, joinedAt: tx.now, endedAt: null }
  await tx.change(roomTopic(GENERAL_ROOM), { kind: 'member', row })
}
