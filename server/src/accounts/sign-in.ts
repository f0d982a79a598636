import { hashSecret, newSecret } from '#lib/secrets.ts'
import type { User } from '@belfry/protocol/rows.ts'
import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'
import type { Store } from '#store/store.ts'
import { findPasswordHash } from './password-hashes.ts'
import { hashPassword, LEGACY_ITERATIONS_MAX, legacyIterations, verifyAsForOthers, verifyPassword } from './passwords.ts'
import type { Renewal } from './renew-password.ts'
import { type NewSession, wrongCredentials } from './start-session.ts'
import { findUserByUsername } from './users.ts'

/** A device that was just signed in: the token is shown this once. */
export interface Entered {
  user: User
  token: string
}

interface Account {
  userId: string
  passwordHash: string
}

/** session.create. The password is verified outside of any transaction: that takes milliseconds. Refusal: wrong-credentials. */
export async function signIn(store: Store, input: { username: string; password: string; device: string }): Promise<Entered> {
  const { username, password, device } = input
  const [account, iterationsMax] = await store.read(async (db) => [await findAccount(db, username), await legacyIterationsMax(db)] as const)
  const isRight = await verifyAsForOthers(password, { hash: account?.passwordHash ?? null, iterationsMax })
  if (!account || !isRight) throw wrongCredentials()
  return enter(store, { ...(await renewed(store, account, password)), device })
}

/** Starts a session for somebody whose password is known to be right. */
export async function enter(store: Store, account: Omit<NewSession, 'tokenHash'>): Promise<Entered> {
  const token = newSecret()
  const input: NewSession = { ...account, tokenHash: hashSecret(token) }
  const { user } = await store.write<{ user: User }>({ name: 'session.start', input, actor: { is: 'nobody' } })
  return { user, token }
}

/** One that is disabled is as none: whoever has its password is refused at the same cost as who has not. */
async function findAccount(db: Kysely<Tables>, username: string): Promise<Account | null> {
  const user = await findUserByUsername(db, username)
  const passwordHash = user?.disabledAt === null ? await findPasswordHash(db, user.id) : undefined
  return user && passwordHash ? { userId: user.id, passwordHash } : null
}

/** An account that an import brought gets our own hash of its password, now that it is known. */
async function renewed(store: Store, account: Account, password: string): Promise<Account> {
  if (legacyIterations(account.passwordHash) === null) return account
  const input: Renewal = { userId: account.userId, from: account.passwordHash, to: await hashPassword(password) }
  const standing = await store.write<string | null>({ name: 'password.renew', input, actor: { is: 'nobody' } })
  // Another device may have been first, with the same password: it is right all the same.
  if (standing === input.to || (standing !== null && (await verifyPassword(password, standing))))
    return { ...account, passwordHash: standing }
  throw wrongCredentials()
}

const LEGACY = { begin: 'pbkdf2_sha256$', end: 'pbkdf2_sha256%' }
/** Of the iterations' digits all, and at most one character more: so few are distinct. */
const ITERATIONS_CHARS = 8

/** How often the costliest legacy hash iterates that still stands; 0 once there is none. */
async function legacyIterationsMax(db: Kysely<Tables>): Promise<number> {
  const found = await db
    .selectFrom('passwords')
    .select((eb) => eb.fn<string>('substr', ['hash', eb.lit(LEGACY.begin.length + 1), eb.lit(ITERATIONS_CHARS)]).as('iterations'))
    .distinct()
    .where('hash', '>=', LEGACY.begin)
    .where('hash', '<', LEGACY.end)
    .execute()
  const iterations = found.map((row) => Number.parseInt(row.iterations, 10))
  return Math.max(0, ...iterations.filter((count) => count <= LEGACY_ITERATIONS_MAX))
}
