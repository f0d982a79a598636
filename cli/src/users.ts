import { userInput } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { hashPassword } from '@belfry/server/accounts/passwords.ts'
import { allUsers } from '@belfry/server/accounts/users.ts'
import { accept } from './accept.ts'
import { askPassword } from './ask-password.ts'
import { onData, operate } from './data.ts'
import { localTime, print, type Printing, table } from './print.ts'

const profileInput = userInput.omit({ password: true })

export async function createUser(
  username: string,
  options: Printing & { name?: string; admin?: boolean; passwordStdin?: boolean },
): Promise<void> {
  const profile = accept(profileInput, { username, name: options.name })
  const passwordHash = await hashPassword(await askPassword(options))
  const role = options.admin ? 'admin' : 'member'
  const user = await onData((store) => operate(store, 'user.add', { ...profile, role, passwordHash }))
  print(options, { document: user, text: `${user.username} has an account now${role === 'admin' ? ', as an administrator' : ''}.` })
}

export async function listUsers(options: Printing): Promise<void> {
  const users = await onData((store) => store.read(allUsers))
  print(options, { document: { items: users, next: null }, text: users.length > 0 ? asTable(users) : nobody() })
}

export async function disableUser(username: string, options: Printing): Promise<void> {
  const user = await onData((store) => operate(store, 'user.disable', { username }))
  print(options, { document: user, text: `${user.username} is disabled and signed out everywhere.` })
}

export async function setPassword(username: string, options: Printing & { passwordStdin?: boolean }): Promise<void> {
  const passwordHash = await hashPassword(await askPassword(options))
  const user = await onData((store) => operate(store, 'user.password', { username, passwordHash }))
  print(options, { document: user, text: `${user.username} has a new password and is signed out everywhere.` })
}

function asTable(users: User[]): string {
  const rows = users.map((user) => [user.username, user.name, user.role, localTime(user.createdAt), state(user)])
  return table(['USER NAME', 'NAME', 'ROLE', 'CREATED', 'STATE'], rows)
}

function state({ disabledAt }: User): string {
  return disabledAt === null ? 'active' : `disabled ${localTime(disabledAt)}`
}

function nobody(): string {
  return 'There are no accounts yet. Make the first: npx belfry user create NAME --admin'
}
