import { type KeptStorage, memoryStorage } from '@belfry/client/belfry.ts'

/** Who is signed in: tells the other tabs. */
const ACCOUNT_KEY = 'belfry:account'

/** `localStorage`, or memory where the browser withholds it: then nothing outlives the page, and all else works. */
export const kept: KeptStorage = hasLocalStorage() ? localStorage : memoryStorage()

/** What is kept of one account begins alike, and goes when that account signs out. */
export function keptKey(userId: string, name: string): string {
  return `belfry:${userId}:${name}`
}

/** Says to the other tabs who is signed in here now. */
export function announceAccount(userId: string | null): void {
  if (userId === null) kept.removeItem(ACCOUNT_KEY)
  else kept.setItem(ACCOUNT_KEY, userId)
}

/** Another tab signed out (null) or in. Browsers tell this to all tabs but the one that did it. */
export function onAccountElsewhere(listener: (userId: string | null) => void): () => void {
  const heard = (event: StorageEvent) => {
    if (event.key === ACCOUNT_KEY || event.key === null) listener(event.newValue)
  }
  addEventListener('storage', heard)
  return () => removeEventListener('storage', heard)
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
