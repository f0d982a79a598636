import type { Parsed } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Actor, Write } from '#store/batch.ts'
import type { Store } from '#store/store.ts'
import type { Tx } from '#store/tx.ts'
import { requireAdmin, topicsOfAdmin } from './actor.ts'
import { isFirstInvite } from './first-invite.ts'
import { countUse, requireStandingInvite, roomsNamedBy } from './invites.ts'
import { joinRooms } from './memberships.ts'
import { hashPassword } from './passwords.ts'
import { findWorkspace } from './settings.ts'
import { anyUser, requireFreeUsername, storeUser } from './users.ts'

type Role = User['role']

/** `passwordHash`: a PHC string; hashing is too slow for a transaction. */
export interface NewUser {
  username: string
  name?: string | undefined
  /** An administrator's to say, or the operator's. */
  role?: Role | undefined
  passwordHash: string
  /** The hash of the secret that lets a newcomer in. */
  inviteHash?: string | undefined
}

/** As what somebody comes, and into which rooms besides General. */
interface Arrival {
  role: Role
  rooms: string[]
}

/** user.create by an administrator, before its transaction; nobody else has us hash anything. */
export async function prepareUser(store: Store, { input, actor }: { input: Parsed<'user.create'>; actor: Actor }): Promise<NewUser> {
  await store.read((db) => requireAdmin({ db }, actor))
  const { username, name, role, password } = input
  return { username, name, role, passwordHash: await hashPassword(password) }
}

/** user.create: the profile, the password, places in General and where an invitation leads, empty counts. Refusals: username-taken, forbidden. */
export async function createUser(tx: Tx, { input, actor }: Write<NewUser>): Promise<User> {
  // Which rooms an invitation names never changes: they are known before they are locked.
  const named = input.inviteHash === undefined ? [] : await roomsNamedBy(tx.db, input.inviteHash)
  await tx.lock(...topicsOfAdmin(actor), roomTopic(GENERAL_ROOM), ...named.map(roomTopic))
  const { role, rooms } = actor.is === 'nobody' ? await letIn(tx, input) : { role: await roleGiven(tx, { input, actor }), rooms: [] }
  await requireFreeUsername(tx.db, input)
  const user = await storeUser(tx, newProfile(input, { role, now: tx.now }))
  await tx.db.insertInto('passwords').values({ userId: user.id, hash: input.passwordHash }).execute()
  await joinRooms(tx, user.id, [...(role === 'guest' ? [] : [GENERAL_ROOM]), ...rooms])
  const counts = { id: 'inbox', unread: 0, unseen: 0 }
  await tx.change(userTopic(user.id), { kind: 'counts', row: counts, extra: { userId: user.id } })
  return user
}

async function roleGiven(tx: Tx, { input, actor }: Pick<Write<NewUser>, 'input' | 'actor'>): Promise<Role> {
  await requireAdmin(tx, actor)
  return input.role ?? 'member'
}

async function letIn(tx: Tx, { inviteHash }: NewUser): Promise<Arrival> {
  const arrival = await arrivalOf(tx, inviteHash)
  if (arrival.role !== 'admin' && inviteHash !== undefined) await countUse(tx.db, inviteHash)
  return arrival
}

/**
 * As what somebody who signs up comes: as their invitation says, or else as a member, as the workspace has it; but of an empty server the first
 * visitor becomes the administrator, and nobody comes before.
 * Refusal: forbidden.
 */
export async function arrivalOf({ db, now }: Pick<Tx, 'db' | 'now'>, inviteHash: string | undefined): Promise<Arrival> {
  if (inviteHash !== undefined && (await isFirstInvite(db, inviteHash))) return { role: 'admin', rooms: [] }
  if (!(await anyUser(db))) throw new Refusal('forbidden', 'The first account is made by the link that the server printed at its start.')
  const { signUp } = await findWorkspace(db)
  if (signUp === 'closed') throw new Refusal('forbidden', 'Nobody can sign up here at present. Ask an administrator for an account.')
  if (inviteHash !== undefined) return requireStandingInvite(db, { hash: inviteHash, now })
  if (signUp === 'invite') throw new Refusal('forbidden', 'One needs an invitation to make an account here. Ask an administrator for one.')
  return { role: 'member', rooms: [] }
}

function newProfile(input: NewUser, { role, now }: { role: Role; now: number }): Omit<User, 'changed'> {
  const username = input.username.normalize('NFC')
  const profile = { username, name: input.name ?? username, role, picture: null, importedFrom: null }
  return { id: uuidv7(), ...profile, createdAt: now, disabledAt: null }
}
