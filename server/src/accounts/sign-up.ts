import type { User } from '@belfry/protocol/rows.ts'
import { hashSecret } from '#lib/secrets.ts'
import type { Store } from '#store/store.ts'
import type { NewUser } from './add-user.ts'
import { hashPassword } from './passwords.ts'
import { type Entered, enter } from './sign-in.ts'

/** user.create by invitation: makes the account and signs it in. Refusals: username-taken, forbidden. */
export async function signUp(
  store: Store,
  input: { username: string; password: string; name?: string | undefined; invite: string; device: string },
): Promise<Entered> {
  const passwordHash = await hashPassword(input.password)
  const user: NewUser = { username: input.username, name: input.name, passwordHash, inviteHash: hashSecret(input.invite) }
  const { id } = await store.write<User>({ name: 'user.add', input: user, actor: { is: 'nobody' } })
  return enter(store, { userId: id, passwordHash, device: input.device })
}
