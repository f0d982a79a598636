import type { Result } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'

export type Account = Result<'user.search'>['items'][number]

/** A page of accounts with what the workspace has told of them since: a row changes as soon as anybody changes it. */
export function withNews(items: readonly Account[], known: ReadonlyMap<string, User>): Account[] {
  return items.map((account) => {
    const told = known.get(account.id)
    return told && told.changed > account.changed ? brought(account, told) : account
  })
}

/** The newest change that was told; when it grows, the page may be another one. */
export function newestChange(known: ReadonlyMap<string, User>): number {
  let newest = 0
  for (const { changed } of known.values()) newest = Math.max(newest, changed)
  return newest
}

/** What a profile does not say follows from it, until the page is asked for again. */
function brought(account: Account, told: User): Account {
  if (told.disabledAt !== null) return { ...account, ...told, canSignIn: false, sessions: 0 }
  return { ...account, ...told, canSignIn: account.canSignIn || account.disabledAt !== null }
}
