import { keptEntry } from './kept-entry.ts'
import type { OutboxEntry } from './outbox-entry.ts'
import { inOrder } from './outbox-entry.ts'
import type { KeptStorage } from './world.ts'

/** Keys that hold anything of one account. */
export function accountPrefix(userId: string): string {
  return `belfry:${userId}:`
}

/** The outbox of one account as storage keeps it: a key for each entry, so that tabs that write at once drop nothing of each other's. */
export class KeptOutbox {
  /** Names what only one tab at a time may send from. */
  readonly name: string
  /** Whether other tabs see it too. */
  readonly isShared: boolean
  readonly #storage: KeptStorage
  /** Found no room in storage, or are not allowed there: they stand in this page's memory alone. */
  readonly #unkept = new Set<string>()

  constructor(storage: KeptStorage, userId: string) {
    this.name = `${accountPrefix(userId)}outbox`
    this.isShared = storage.isPrivate !== true
    this.#storage = storage
  }

  /** All that is kept, in the order of storing. What has another shape than this version writes is left alone. */
  read(): OutboxEntry[] {
    const ids = keysOf(this.#storage).flatMap((key) => this.entryIdIn(key) ?? [])
    return inOrder(ids.flatMap((entryId) => this.find(entryId) ?? []))
  }

  find(entryId: string): OutboxEntry | null {
    return keptEntry(entryId, this.#storage.getItem(this.#keyOf(entryId)))
  }

  /** Which entry's key this is, if any. */
  entryIdIn(key: string): string | null {
    return key.startsWith(this.#keyOf('')) ? key.slice(this.#keyOf('').length) : null
  }

  isUnkept({ entryId }: OutboxEntry): boolean {
    return this.#unkept.has(entryId)
  }

  keep(entry: OutboxEntry): void {
    try {
      this.#storage.setItem(this.#keyOf(entry.entryId), JSON.stringify(entry))
      this.#unkept.delete(entry.entryId)
    } catch {
      this.remove([entry.entryId])
      this.#unkept.add(entry.entryId)
    }
  }

  remove(entryIds: readonly string[]): void {
    for (const entryId of entryIds) {
      this.#storage.removeItem(this.#keyOf(entryId))
      this.#unkept.delete(entryId)
    }
  }

  #keyOf(entryId: string): string {
    return `${this.name}:${entryId}`
  }
}

/** Deletes all that is kept of an account. */
export function forgetAccount(storage: KeptStorage, userId: string): void {
  for (const key of keysOf(storage)) if (key.startsWith(accountPrefix(userId))) storage.removeItem(key)
}

function keysOf(storage: KeptStorage): string[] {
  return Array.from({ length: storage.length ?? 0 }, (_, at) => storage.key?.(at) ?? '')
}
