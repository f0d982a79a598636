import type { OutboxEntry } from './outbox-entry.ts'
import type { KeptStorage } from './world.ts'

/** Keys that hold anything of one account. */
export function accountPrefix(userId: string): string {
  return `belfry:${userId}:`
}

/** The outbox of one account as storage keeps it. Read, modified and written in one turn: tabs share it, none drops another's entries. */
export class KeptOutbox {
  readonly #storage: KeptStorage
  readonly #key: string

  constructor(storage: KeptStorage, userId: string) {
    this.#storage = storage
    this.#key = `${accountPrefix(userId)}outbox`
  }

  read(): OutboxEntry[] {
    const text = this.#storage.getItem(this.#key)
    if (text === null) return []
    try {
      const entries: unknown = JSON.parse(text)
      return Array.isArray(entries) ? (entries as OutboxEntry[]) : []
    } catch {
      // Not ours or cut off: nothing in it can be sent.
      return []
    }
  }

  keep(entry: OutboxEntry): void {
    const entries = this.read()
    const at = entries.findIndex(({ entryId }) => entryId === entry.entryId)
    this.#write(at < 0 ? [...entries, entry] : entries.with(at, entry))
  }

  remove(entryIds: readonly string[]): void {
    this.#write(this.read().filter(({ entryId }) => !entryIds.includes(entryId)))
  }

  #write(entries: OutboxEntry[]): void {
    if (entries.length === 0) return this.#storage.removeItem(this.#key)
    try {
      this.#storage.setItem(this.#key, JSON.stringify(entries))
    } catch {
      // Storage is full or forbidden: the entries still stand in memory and are sent from there.
    }
  }
}

/** Deletes all that is kept of an account. */
export function forgetAccount(storage: KeptStorage, userId: string): void {
  const prefix = accountPrefix(userId)
  const keys = Array.from({ length: storage.length ?? 0 }, (_, at) => storage.key?.(at) ?? '')
  for (const key of [...keys, `${prefix}outbox`]) if (key.startsWith(prefix)) storage.removeItem(key)
}
