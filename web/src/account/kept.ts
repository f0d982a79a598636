import { isKeptUser } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'

/** Text that outlives the page, and is there at once: who is signed in, and what is being written. Rows are kept by the SDK. */

/** Who is signed in: tells the other tabs. */
const ACCOUNT_KEY = 'belfry:account'
/** The server does not know yet that somebody signed out here. */
const LEFT_KEY = 'belfry:left'

interface Texts {
  get(key: string): string | null
  /** Answers whether there was room for it. */
  set(key: string, text: string): boolean
  remove(key: string): void
  keys(): string[]
}

/** `localStorage`, or memory where the browser withholds it: then nothing outlives the page, and all else works. */
export const kept: Texts = hasLocalStorage() ? localTexts() : textsInMemory()

/** What is kept of one account begins alike, and goes when that account signs out. */
export function keptKey(userId: string, name: string): string {
  return `belfry:${userId}:${name}`
}

/** Who was signed in when this browser last knew; null when nobody was, or they are not known well enough. */
export function lastUser(): User | null {
  const userId = kept.get(ACCOUNT_KEY)
  const user = userId === null ? null : parsed(kept.get(userKey(userId)))
  return isKeptUser(user) && user.id === userId ? user : null
}

/** Says to the other tabs, and to the next page, who is signed in here now. */
export function rememberUser(user: User): void {
  kept.set(userKey(user.id), JSON.stringify(user))
  kept.set(ACCOUNT_KEY, user.id)
}

/** Says to the other tabs that this account, if it is still the one, is not signed in any more. */
export function tellNobody(userId: string): void {
  if (kept.get(ACCOUNT_KEY) === userId) kept.remove(ACCOUNT_KEY)
}

/** The next page does not take them to be signed in. What they wrote here and did not send stays theirs. */
export function forgetUser(userId: string): void {
  kept.remove(userKey(userId))
}

/** Deletes all texts of an account. */
export function forgetTexts(userId: string): void {
  for (const key of kept.keys()) if (key.startsWith(keptKey(userId, ''))) kept.remove(key)
}

/** Another tab signed out (null) or in. Browsers tell this to all tabs but the one that did it. */
export function onAccountElsewhere(listener: (userId: string | null) => void): () => void {
  const heard = (event: StorageEvent) => {
    if (event.key === ACCOUNT_KEY || event.key === null) listener(event.newValue)
  }
  addEventListener('storage', heard)
  return () => removeEventListener('storage', heard)
}

/** The server has yet to be told that somebody left. */
export const leftUntold = {
  is: () => kept.get(LEFT_KEY) !== null,
  remember: () => void kept.set(LEFT_KEY, 'yes'),
  forget: () => kept.remove(LEFT_KEY),
}

function userKey(userId: string): string {
  return keptKey(userId, 'user')
}

/** The value of a JSON text, or null: an earlier version of this program, or somebody else, may have written it. */
export function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

function hasLocalStorage(): boolean {
  try {
    localStorage.setItem('belfry:probe', '')
    localStorage.removeItem('belfry:probe')
    return true
  } catch {
    return false
  }
}

function localTexts(): Texts {
  return {
    get: (key) => localStorage.getItem(key),
    set(key, text) {
      try {
        localStorage.setItem(key, text)
        return true
      } catch {
        return false
      }
    },
    remove: (key) => localStorage.removeItem(key),
    keys: () => Object.keys(localStorage),
  }
}

function textsInMemory(): Texts {
  const texts = new Map<string, string>()
  return {
    get: (key) => texts.get(key) ?? null,
    set: (key, text) => (texts.set(key, text), true),
    remove: (key) => void texts.delete(key),
    keys: () => [...texts.keys()],
  }
}
