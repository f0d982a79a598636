import type { Parsed } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { Refusal } from '#lib/refusal.ts'
import { hashSecret } from '#lib/secrets.ts'
import type { Store } from '#store/store.ts'
import { arrivalOf, type NewUser } from './create-user.ts'
import { hashPassword } from './passwords.ts'
import { type Entered, enter } from './sign-in.ts'

/** What is asked for, from which device, and when. */
type SignUp = Parsed<'user.create'> & { device: string; now: number }

/** user.create by whoever it is for: makes the account and signs it in. Refusals: username-taken, forbidden. */
export async function signUp(store: Store, input: SignUp): Promise<Entered> {
  const { username, name, role, invite, device, now } = input
  if (role !== undefined) throw new Refusal('forbidden', 'Only an administrator says what an account may do.')
  const inviteHash = invite === undefined ? undefined : hashSecret(invite)
  // The transaction decides; but nobody has us hash anything who would not be let in now.
  await store.read((db) => arrivalOf({ db, now }, inviteHash))
  const passwordHash = await hashPassword(input.password)
  const user: NewUser = { username, name, passwordHash, inviteHash }
  const { id } = await store.write<User>({ name: 'user.create', input: user, actor: { is: 'nobody' } })
  return enter(store, { userId: id, passwordHash, device })
}
