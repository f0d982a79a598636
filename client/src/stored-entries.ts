import type { Message } from '@belfry/protocol/rows.ts'
import type { KeptOutbox } from './kept-outbox.ts'
import { Leaving } from './leaving.ts'
import type { Lane, MessageEntry, OutboxEntry } from './outbox-entry.ts'
import { inOrder, isDoneBy, isMessageCommand, laneOf } from './outbox-entry.ts'
import type { World } from './world.ts'

/** Whom the stored entries tell, and ask. */
export interface EntriesUser {
  /** Lanes' entries are others now. */
  changed(lanes: Iterable<Lane>): void
  isOnItsWay(entryId: string): boolean
}

/** An account's entries in the order of storing: in memory, in storage, and as other tabs change them there. */
export class StoredEntries {
  #all: readonly OutboxEntry[] = []
  #kept: KeptOutbox | null = null
  #stopHearing = (): void => undefined
  readonly #leaving: Leaving
  readonly #world: World
  readonly #user: EntriesUser

  constructor(world: World, user: EntriesUser) {
    this.#world = world
    this.#user = user
    this.#leaving = new Leaving(world, (entry) => user.changed([laneOf(entry)]))
  }

  get all(): readonly OutboxEntry[] {
    return this.#all
  }

  /** What is to be seen of a lane: also what other tabs have only just done. */
  shown(lane: Lane): OutboxEntry[] {
    return [...this.#leaving.entries, ...this.#all].filter((entry) => laneOf(entry) === lane)
  }

  nextOrder(): number {
    return (this.#all.at(-1)?.order ?? 0) + 1
  }

  keepIn(kept: KeptOutbox): void {
    const own = this.#all
    this.#kept = kept
    this.#all = kept.read()
    for (const entry of own) this.insert({ ...entry, order: this.nextOrder() })
    if (this.#isShared) this.#stopHearing = this.#world.onStorage((key) => this.#heard(key))
    this.#tellAll()
  }

  /** Runs it once it is this tab that sends, and reads what the last one left; returns how to let go. */
  hold(run: () => void): () => void {
    const { hold } = this.#world
    const name = this.#isShared ? this.#kept?.name : null
    if (hold && name) {
      this.#reread()
      return hold(name, () => (run(), this.#reread()))
    }
    run()
    this.#tellAll()
    return () => undefined
  }

  /** Where tabs cannot agree on who sends, every tab sends its own. */
  get #isShared(): boolean {
    return this.#world.hold !== null && (this.#kept?.isShared ?? false)
  }

  /** What found no room in storage no other tab can send. */
  isOnlyHere(entry: OutboxEntry): boolean {
    return this.#kept?.isUnkept(entry) ?? false
  }

  insert(entry: OutboxEntry): void {
    this.#all = inOrder([...this.#all, entry])
    this.#kept?.keep(entry)
  }

  /** Puts an entry's next state in its place, if it still has one. */
  put(entry: OutboxEntry): void {
    const at = this.#all.findIndex(({ entryId }) => entryId === entry.entryId)
    if (at < 0) return
    this.#all = this.#all.with(at, entry)
    this.#kept?.keep(entry)
  }

  take(entries: readonly OutboxEntry[]): void {
    const ids = new Set(entries.map(({ entryId }) => entryId))
    this.#all = this.#all.filter(({ entryId }) => !ids.has(entryId))
    this.#kept?.remove([...ids])
  }

  /** Takes what this message, as it arrived, shows to be done; returns it. */
  takeDoneBy(row: Message): MessageEntry[] {
    this.#leaving.take(this.#leaving.entries.filter((entry) => isMessageCommand(entry) && entry.input.id === row.id))
    const done = this.#doneBy(row)
    if (done.length > 0) this.take(done)
    return done
  }

  /** In their order, up to the first that is not done: an edit back to an older text is not done by that older text. */
  #doneBy(row: Message): MessageEntry[] {
    const entries = this.#all.filter(isMessageCommand).filter(({ input }) => input.id === row.id)
    const firstOpen = entries.findIndex((entry) => !isDoneBy(entry, row))
    return firstOpen < 0 ? entries : entries.slice(0, firstOpen)
  }

  close(): void {
    this.#stopHearing()
    this.#leaving.take(this.#leaving.entries)
    this.#kept = null
  }

  /** What storage says now, and what found no room there. */
  #reread(): void {
    const before = this.#all
    if (this.#kept) this.#all = inOrder([...this.#kept.read(), ...before.filter((entry) => this.isOnlyHere(entry))])
    this.#user.changed(new Set([...before, ...this.#all].map(laneOf)))
  }

  #tellAll(): void {
    this.#user.changed(new Set(this.#all.map(laneOf)))
  }

  /** Another tab has stored, changed or removed something. */
  #heard(key: string | null): void {
    if (key === null) return this.#reread()
    const entryId = this.#kept?.entryIdIn(key)
    if (!entryId) return
    const before = this.#all.find((entry) => entry.entryId === entryId)
    const now = this.#kept?.find(entryId) ?? null
    if (now && this.#user.isOnItsWay(entryId)) return
    this.#all = inOrder([...this.#all.filter((entry) => entry !== before), ...(now ? [now] : [])])
    if (before && !now && before.failure === null) this.#leaving.add(before)
    const entry = now ?? before
    if (entry) this.#user.changed([laneOf(entry)])
  }
}
