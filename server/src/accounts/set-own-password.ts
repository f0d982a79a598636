import type { Parsed } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Actor, Write } from '#store/batch.ts'
import type { Store } from '#store/store.ts'
import type { Tx } from '#store/tx.ts'
import { type Person, requirePerson, topicsOf } from './actor.ts'
import { findPasswordHash, storePasswordHash } from './password-hashes.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { endSessions, otherSessionsOf } from './sessions.ts'
import { requireUser } from './users.ts'

/** `currentHash`: what the current password was verified against. */
export interface NewOwnPassword {
  currentHash: string
  passwordHash: string
}

/** me.set-password, before its transaction. Refusal: wrong-password. */
export async function prepareOwnPassword(
  store: Store,
  { input, actor }: { input: Parsed<'me.set-password'>; actor: Actor },
): Promise<NewOwnPassword> {
  const { userId } = actor as Person
  const currentHash = await store.read((db) => findPasswordHash(db, userId))
  if (!currentHash || !(await verifyPassword(input.current, currentHash))) throw wrongPassword()
  return { currentHash, passwordHash: await hashPassword(input.password) }
}

/** me.set-password: all other devices are signed out. Refusal: wrong-password, also when it changed since it was verified. */
export async function setOwnPassword(tx: Tx, { input, actor }: Write<NewOwnPassword>): Promise<User> {
  await tx.lock(...topicsOf(actor))
  const person = await requirePerson(tx, actor)
  const { userId } = person
  if ((await findPasswordHash(tx.db, userId)) !== input.currentHash) throw wrongPassword()
  await storePasswordHash(tx.db, userId, input.passwordHash)
  await endSessions(tx, userId, await otherSessionsOf(tx.db, person))
  return requireUser(tx.db, userId)
}

function wrongPassword(): Refusal {
  return new Refusal('wrong-password', 'The current password is wrong.')
}
