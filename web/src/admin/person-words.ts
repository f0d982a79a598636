import type { Account } from './live-people.ts'

/** What is unusual about an account, in a word or two; null: it is an ordinary one. */
export function stateWords(account: Account): string | null {
  if (account.importedFrom !== null) return `Imported from ${account.importedFrom}`
  if (account.disabledAt !== null) return 'Disabled'
  return account.canSignIn ? null : 'No password yet'
}

export function devicesWords(sessions: number): string {
  if (sessions === 0) return 'signed in nowhere'
  return sessions === 1 ? '1 device' : `${sessions} devices`
}

/** '51–100 of 312' */
export function whereWords(page: { index: number; size: number; shown: number; total: number }): string {
  const before = page.index * page.size
  return page.total === 0 ? '' : `${before + 1}–${before + page.shown} of ${page.total}`
}
