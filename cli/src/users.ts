import { commands, type Parsed, type Result, userInput } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { searchUsers } from '@belfry/server/accounts/accounts.ts'
import { hashPassword } from '@belfry/server/accounts/passwords.ts'
import { usersNamed } from '@belfry/server/accounts/users.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { accept } from './accept.ts'
import { askPassword } from './ask-password.ts'
import { onData, operate } from './data.ts'
import { pagesOf } from './pages.ts'
import { inDigits, localTime, print, type Printing, printable, table } from './print.ts'

type Account = Result<'user.search'>['items'][number]
type Update = Omit<Parsed<'user.update'>, 'id'>

const ROLES: Record<User['role'], string> = { admin: 'an administrator', member: 'an ordinary member', guest: 'a guest' }

const profileInput = userInput.omit({ password: true })

export async function createUser(
  username: string,
  options: Printing & { name?: string; admin?: boolean; guest?: boolean; passwordStdin?: boolean },
): Promise<void> {
  const profile = accept(profileInput, { username, name: options.name })
  const passwordHash = await hashPassword(await askPassword(options))
  const role = options.admin ? 'admin' : options.guest ? 'guest' : 'member'
  const user = await onData((store) => operate(store, 'user.create', { ...profile, role, passwordHash }))
  print(options, {
    document: user,
    text: `${printable(user.username)} has an account now${role === 'member' ? '' : `, as ${ROLES[role]}`}.`,
  })
}

export async function listUsers(
  options: Printing & { search?: string; state?: 'active' | 'disabled' | 'imported'; limit: number },
): Promise<void> {
  const { search: query, state = 'local' } = options
  const sought = accept(commands['user.search'].input.pick({ query: true, state: true }), { query, state })
  const found = await onData(async (store) => {
    let total = 0
    const page = async (asked: { cursor?: string; limit: number }) => {
      const answer = await store.read((db) => searchUsers(db, { input: { ...sought, ...asked }, now: Date.now() }))
      total = answer.total
      return answer
    }
    return { ...(await pagesOf(page, options.limit)), total }
  })
  print(options, { document: found, text: found.total === 0 ? nobody(options) : inWords(found) })
}

export async function renameUser(given: string, options: Printing & { username?: string; name?: string }): Promise<void> {
  const { username, name } = options
  if (username === undefined && name === undefined) throw new Refusal('malformed', 'Say a new --username, a new --name, or both.')
  const user = await update(given, { username, name })
  print(options, { document: user, text: `This is ${printable(user.username)} now, whom people see as ${printable(user.name)}.` })
}

export async function setRole(given: string, options: Printing & { role: User['role'] }): Promise<void> {
  const user = await update(given, { role: options.role })
  print(options, { document: user, text: `${printable(user.username)} is ${ROLES[options.role]} now.` })
}

export async function disableUser(given: string, options: Printing): Promise<void> {
  const user = await update(given, { isDisabled: true })
  print(options, { document: user, text: `${printable(user.username)} is disabled and signed out everywhere.` })
}

export async function enableUser(given: string, options: Printing): Promise<void> {
  const user = await update(given, { isDisabled: false })
  print(options, { document: user, text: `${printable(user.username)} may sign in again.` })
}

export async function setPassword(given: string, options: Printing & { passwordStdin?: boolean }): Promise<void> {
  const { id } = await onData((store) => userCalled(store, given))
  const passwordHash = await hashPassword(await askPassword(options))
  const user = await onData((store) => operate(store, 'user.set-password', { id, passwordHash }))
  print(options, { document: user, text: `${printable(user.username)} has a new password and is signed out everywhere.` })
}

function update(given: string, to: { [K in keyof Update]?: Update[K] | undefined }): Promise<User> {
  return onData(async (store) => {
    const { id } = await userCalled(store, given)
    return operate(store, 'user.update', accept(commands['user.update'].input, { ...to, id }))
  })
}

/** By user name or id. */
async function userCalled(store: Store, given: string): Promise<User> {
  const [user] = await store.read((db) => usersNamed(db, [given]))
  if (!user) throw new Refusal('not-found', `There is no account named ${given}.`)
  return user
}

function inWords({ items, total }: { items: Account[]; total: number }): string {
  const rows = items.map((user) => [user.username, user.name, user.role, localTime(user.createdAt), stateOf(user), user.id])
  const listed = table(['USER NAME', 'NAME', 'ROLE', 'CREATED', 'STATE', 'ID'], rows)
  return items.length === total ? listed : `${listed}\n${inDigits(items.length)} of ${inDigits(total)}: --limit shows more, --search fewer.`
}

function stateOf({ disabledAt, importedFrom, canSignIn }: Account): string {
  if (disabledAt !== null) return `disabled ${localTime(disabledAt)}`
  if (importedFrom !== null) return `imported from ${importedFrom}`
  return canSignIn ? 'active' : 'no password'
}

function nobody({ search, state }: { search?: string; state?: string }): string {
  if (search !== undefined || state !== undefined) return 'There is no such account.'
  return 'There are no accounts yet. Make the first: npx belfry user create NAME --admin'
}
