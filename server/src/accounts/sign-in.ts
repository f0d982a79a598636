import { hashSecret, newSecret } from '#lib/secrets.ts'
import type { User } from '@belfry/protocol/rows.ts'
import type { Store } from '#store/store.ts'
import { verifyNothing, verifyPassword } from './passwords.ts'
import { type NewSession, wrongCredentials } from './start-session.ts'
import { findUserByUsername } from './users.ts'

/** A device that was just signed in: the token is shown this once. */
export interface Entered {
  user: User
  token: string
}

/** session.create. The password is verified outside of any transaction: that takes milliseconds. Refusal: wrong-credentials. */
export async function signIn(store: Store, input: { username: string; password: string; device: string }): Promise<Entered> {
  const account = await store.read(async (db) => {
    const user = await findUserByUsername(db, input.username)
    const password = user && (await db.selectFrom('passwords').select('hash').where('userId', '=', user.id).executeTakeFirst())
    return user && password && { userId: user.id, passwordHash: password.hash }
  })
  const right = account ? await verifyPassword(input.password, account.passwordHash) : await verifyNothing(input.password)
  if (!account || !right) throw wrongCredentials()
  return enter(store, { ...account, device: input.device })
}

/** Starts a session for somebody whose password is known to be right. */
export async function enter(store: Store, account: Omit<NewSession, 'tokenHash'>): Promise<Entered> {
  const token = newSecret()
  const input: NewSession = { ...account, tokenHash: hashSecret(token) }
  const { user } = await store.write<{ user: User }>({ name: 'session.start', input, actor: { is: 'nobody' } })
  return { user, token }
}
