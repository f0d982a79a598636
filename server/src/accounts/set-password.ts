import type { Parsed } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import type { Actor, Write } from '#store/batch.ts'
import type { Store } from '#store/store.ts'
import type { Tx } from '#store/tx.ts'
import { requireAdmin, topicsOfAdmin } from './actor.ts'
import { hashPassword } from './passwords.ts'
import { storePasswordHash } from './password-hashes.ts'
import { endSessions, sessionsOf } from './sessions.ts'
import { requireUser } from './users.ts'

export interface NewPassword {
  id: string
  passwordHash: string
}

/** user.set-password, before its transaction; nobody but an administrator has us hash anything. */
export async function preparePassword(
  store: Store,
  { input, actor }: { input: Parsed<'user.set-password'>; actor: Actor },
): Promise<NewPassword> {
  await store.read((db) => requireAdmin({ db }, actor))
  return { id: input.id, passwordHash: await hashPassword(input.password) }
}

/** user.set-password: a new password, and signed out everywhere. Refusals: not-found, forbidden. */
export async function setPassword(tx: Tx, { input, actor }: Write<NewPassword>): Promise<User> {
  await tx.lock(...topicsOfAdmin(actor), userTopic(input.id))
  await requireAdmin(tx, actor)
  const user = await requireUser(tx.db, input.id)
  await storePasswordHash(tx.db, user.id, input.passwordHash)
  await endSessions(tx, user.id, await sessionsOf(tx.db, user.id))
  return user
}
