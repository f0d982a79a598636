import { statSync, type Stats } from 'node:fs'
import type { History } from '@belfry/server/imports/history.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'

/** What a reader made of files: what is to be stored, what it left out, and what an administrator should know besides. */
export interface Reading {
  history: Omit<History, 'room'>
  skipped: Skipped[]
  remarks: string[]
}

/** `first`: where the first one stands. */
export interface Skipped {
  what: string
  count: number
  first: string
}

/** Counts what is left out, by its reason. */
export class Skips {
  readonly #byReason = new Map<string, Skipped>()

  add(what: string, where: string): void {
    const held = this.#byReason.get(what)
    if (held) held.count += 1
    else this.#byReason.set(what, { what, count: 1, first: where })
  }

  list(): Skipped[] {
    return [...this.#byReason.values()]
  }
}

/** What stands there. Refusals: not-found; malformed, which says why it cannot be read. */
export function statsOf(path: string): Stats {
  const found = lookedAt(path)
  if (!found) throw new Refusal('not-found', `There is no file ${path}. Nothing was stored.`)
  return found
}

function lookedAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException)
  }
}

export function unreadable(path: string, { code }: NodeJS.ErrnoException): Refusal {
  return new Refusal('malformed', `${path} cannot be read (${code}). Nothing was stored.`)
}

/** Text that any database takes: without U+0000, and without half characters. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed()
}
