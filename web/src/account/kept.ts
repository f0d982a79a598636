import type { KeptStorage } from '@belfry/client/belfry.ts'

/** All that is kept of one account begins with its prefix, and goes when that account signs out. */
const ACCOUNT_KEY = 'belfry:account'

/** `localStorage`, or memory where the browser withholds it: then nothing outlives the page, and all else works. */
export const kept: KeptStorage = hasLocalStorage() ? localStorage : memory()

export function keptKey(userId: string, name: string): string {
  return `belfry:${userId}:${name}`
}

export function forgetKept(userId: string): void {
  if (!hasLocalStorage()) return
  for (const key of Object.keys(localStorage)) if (key.startsWith(keptKey(userId, ''))) localStorage.removeItem(key)
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

function memory(): KeptStorage {
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}
