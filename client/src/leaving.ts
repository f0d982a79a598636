import type { OutboxEntry } from './outbox-entry.ts'
import type { World } from './world.ts'

/** So long the stream may take to bring what another tab was answered. */
export const LEAVING_MS = 1_000

/** Entries that another tab is done with: they are shown until their rows are here, or for a moment, so that nothing flickers. */
export class Leaving {
  readonly #world: World
  readonly #changed: (entry: OutboxEntry) => void
  readonly #leaving = new Map<OutboxEntry, () => void>()

  constructor(world: World, changed: (entry: OutboxEntry) => void) {
    this.#world = world
    this.#changed = changed
  }

  get entries(): OutboxEntry[] {
    return [...this.#leaving.keys()]
  }

  add(entry: OutboxEntry): void {
    // It went its way, also if this tab was not told that it was sent: its text can no longer be changed.
    const leaving = { ...entry, tries: Math.max(1, entry.tries) }
    const stopTimer = this.#world.after(LEAVING_MS, () => {
      this.#leaving.delete(leaving)
      this.#changed(leaving)
    })
    this.#leaving.set(leaving, stopTimer)
  }

  take(entries: readonly OutboxEntry[]): void {
    for (const entry of entries) {
      this.#leaving.get(entry)?.()
      this.#leaving.delete(entry)
    }
  }
}
