import type { User } from '@belfry/protocol/rows.ts'

/** Whom a call names: each name as it was given, with the account it means. */
export interface Recipient {
  to: string
  userId: string
}

/** Pure: matches names (user ids or user names) with accounts. `unknown`: names without an account that is enabled, in the order given. */
export function recipients(to: string[], users: User[], fold: (username: string) => string): { found: Recipient[]; unknown: string[] } {
  const standing = users.filter((user) => user.disabledAt === null)
  const byId = new Map(standing.map((user) => [user.id, user.id]))
  const byName = new Map(standing.map((user) => [fold(user.username), user.id]))
  const found: Recipient[] = []
  const unknown: string[] = []
  for (const name of to) {
    const userId = byId.get(name) ?? byName.get(fold(name))
    if (userId) found.push({ to: name, userId })
    else unknown.push(name)
  }
  return { found, unknown }
}
