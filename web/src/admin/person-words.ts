import { numberWords } from '#theme/number-words.ts'
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
export function whereWords(page: { index: number; size: number; shown: number; total: number }, locale?: string): string {
  if (page.total === 0) return ''
  const before = page.index * page.size
  const [first, last, total] = [before + 1, before + page.shown, page.total].map((count) => numberWords(count, locale))
  return `${first}–${last} of ${total}`
}

/** '15,736 accounts', '1 account for “ali”' */
export function totalWords({ total, query }: { total: number; query: string }, locale?: string): string {
  const accounts = total === 1 ? '1 account' : `${numberWords(total, locale)} accounts`
  return query ? `${accounts} for “${query}”` : accounts
}
