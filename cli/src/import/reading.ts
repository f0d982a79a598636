import type { History } from '@belfry/server/imports/history.ts'

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

/** Text that any database takes: without U+0000, and without half characters. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed()
}
