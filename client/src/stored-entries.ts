import type { Message } from '@belfry/protocol/rows.ts'
import type { Kept, KeptNews } from './kept.ts'
import { Leaving } from './leaving.ts'
import type { OutboxChange } from './outbox-change.ts'
import { concerns, idsIn, outboxAfter } from './outbox-change.ts'
import type { Lane, MessageEntry, OutboxEntry } from './outbox-entry.ts'
import { inOrder, isDoneBy, isMessageCommand, laneOf, sameAs } from './outbox-entry.ts'
import { Patience } from './patience.ts'
import type { World } from './world.ts'

/** Whom the stored entries tell. */
export interface EntriesUser {
  /** Lanes' entries are others now. */
  changed(lanes: Iterable<Lane>): void
  /** What waited for storage does not wait any more. */
  kept(): void
  /** Storage is not, or not in time, what other tabs share with this one: who sends is to be agreed anew. */
  parted(): void
}

/**
 * An account's entries in the order of storing. What this tab does to them is seen at once: it is laid over what storage said last, until
 * storage has it. All that comes up while storage is at work goes to it next, in one transaction.
 */
export class StoredEntries {
  #all: readonly OutboxEntry[] = []
  /** As storage said last; null: it has said nothing yet. */
  #stored: readonly OutboxEntry[] | null = []
  #pending: readonly OutboxChange[] = []
  /** So many of them storage is at work on. */
  #inFlight = 0
  /** In this page's memory alone: they found no room in storage, or there is none. */
  #own: readonly OutboxEntry[] = []
  /** Those that storage has not said that it has. */
  #unstored: ReadonlySet<string> = new Set()
  /** What this tab found or added: where tabs cannot agree on who sends, every tab sends that. */
  readonly #ours = new Set<string>()
  #kept: Kept | null = null
  #isAtWork = false
  /** What waits until storage has been read once more. */
  #onceRead: (() => void)[] = []
  /** What waits for the answer that is under way. */
  #reading: (() => void)[] = []
  #stopHearing = (): void => undefined
  readonly #waiters = new Set<() => boolean>()
  readonly #leaving: Leaving
  readonly #patience: Patience
  readonly #world: World
  readonly #user: EntriesUser

  constructor(world: World, user: EntriesUser) {
    this.#world = world
    this.#user = user
    this.#leaving = new Leaving(world, (entry) => user.changed([laneOf(entry)]))
    // Before it goes on: whoever can read what there is shall send that, also who has come meanwhile.
    this.#patience = new Patience(world, () => (user.parted(), this.#waitNoLonger()))
  }

  get all(): readonly OutboxEntry[] {
    return this.#all
  }

  /** What is to be seen of a lane: also what other tabs have only just done. */
  shown(lane: Lane): OutboxEntry[] {
    return [...this.#leaving.entries, ...this.#all].filter((entry) => laneOf(entry) === lane)
  }

  keepIn(kept: Kept): void {
    this.#kept = kept
    this.#stored = null
    this.#pending = this.#own.map((entry) => ({ is: 'added', entry }))
    this.#own = []
    this.#stopHearing = kept.onNews((news) => this.#heard(news))
    void this.#work()
  }

  /** Runs it once it is this tab that sends, and has read what the last one left; returns how to let go. */
  hold(run: () => void): () => void {
    const { hold } = this.#world
    if (!this.#kept) return (run(), () => undefined)
    let isLetGo = false
    const readAndRun = () => {
      this.#onceRead.push(() => isLetGo || run())
      if (this.isLate) this.#waitNoLonger()
      void this.#work()
    }
    const letGo = hold ? hold(this.#kept.outboxName, readAndRun) : readAndRun()
    return () => {
      isLetGo = true
      letGo?.()
    }
  }

  /** What is not in storage yet must not be sent, unless that is late: nobody would know of it after a reload, and others' may stand before it. */
  isPending(entry: OutboxEntry): boolean {
    return !this.isLate && this.#isAwaited(entry)
  }

  /**
   * What found no room in storage no other tab can send; while storage is late, nor may what it has not said that it has. Posts that were found or
   * added here go out then, too, so that none overtakes another: their ids keep them from being two.
   */
  isSentAnyway(entry: OutboxEntry): boolean {
    if (!this.isLate) return isIn(this.#own, entry)
    return this.#unstored.has(entry.entryId) || (entry.name === 'message.post' && this.#ours.has(entry.entryId))
  }

  /** Storage does not answer: it is not known what other tabs do. */
  get isLate(): boolean {
    return this.#patience.isLate
  }

  /** Whether it is this tab's to send, should it hold the outbox. */
  isOurs({ entryId }: OutboxEntry): boolean {
    return this.#world.hold !== null || this.#ours.has(entryId)
  }

  add(entry: OutboxEntry): void {
    this.#ours.add(entry.entryId)
    this.#change({ is: 'added', entry })
  }

  /** Puts an entry's next state in its place, if it still has one. */
  put(entry: OutboxEntry, inPlaceOf: string = entry.entryId): void {
    if (this.#ours.has(inPlaceOf)) this.#ours.add(entry.entryId)
    this.#change({ is: 'put', entry, inPlaceOf })
  }

  take(entries: readonly OutboxEntry[]): void {
    if (entries.length > 0) this.#change({ is: 'removed', entryIds: entries.map(({ entryId }) => entryId) })
  }

  /** Takes what this message, as it arrived, shows to be done; returns it. */
  takeDoneBy(row: Message): MessageEntry[] {
    this.#leaving.take(this.#leaving.entries.filter((entry) => isMessageCommand(entry) && entry.input.id === row.id))
    const done = this.#doneBy(row)
    this.take(done)
    return done
  }

  /** Resolves when all that waits for this message is in storage, or has been answered. */
  whenSafe(messageId: string): Promise<void> {
    return new Promise((resolve) => {
      const isSafe = () => this.#concerning(messageId).every((entry) => !this.#isAwaited(entry) && !isIn(this.#own, entry))
      this.#waiters.add(() => isSafe() && (resolve(), true))
      this.#tellWaiters()
    })
  }

  /** What was done is still kept. */
  close(): void {
    const rest = this.#counted(this.#pending.slice(this.#inFlight))
    if (rest.length > 0) this.#kept?.outbox(rest).catch(() => undefined)
    this.#stopHearing()
    this.#patience.close()
    this.#leaving.take(this.#leaving.entries)
    this.#kept = null
  }

  /** In their order, up to the first that is not done: an edit back to an older text is not done by that older text. */
  #doneBy(row: Message): MessageEntry[] {
    const entries = this.#concerning(row.id)
    const firstOpen = entries.findIndex((entry) => !isDoneBy(entry, row))
    return firstOpen < 0 ? entries : entries.slice(0, firstOpen)
  }

  #concerning(messageId: string): MessageEntry[] {
    return this.#all.filter(isMessageCommand).filter(({ input }) => input.id === messageId)
  }

  #change(change: OutboxChange): void {
    if (!this.#kept || change.is !== 'added') this.#own = outboxAfter(this.#own, [change])
    if (this.#kept) this.#pending = [...this.#pending, change]
    this.#lay()
    this.#tellWaiters()
    void this.#work()
  }

  /** Brings storage up to date, one transaction after the other, until there is nothing to do. */
  async #work(): Promise<void> {
    if (this.#isAtWork) return
    this.#isAtWork = true
    while (this.#kept && (this.#stored === null || this.#onceRead.length > 0 || this.#pending.length > 0)) await this.#transact(this.#kept)
    this.#isAtWork = false
    this.#tellWaiters()
  }

  async #transact(kept: Kept): Promise<void> {
    const changes = this.#counted(this.#pending)
    this.#reading = this.#onceRead
    this.#onceRead = []
    this.#inFlight = changes.length
    const stored = await this.#ask(kept, changes)
    this.#inFlight = 0
    if (this.#kept !== kept) return
    if (stored) this.#settle(stored, changes)
    else if (this.#stored !== null) await this.#keepHere(kept, changes)
    else this.#goOnWithout()
    this.#goOnFrom(this.#reading.splice(0))
  }

  #settle(stored: readonly OutboxEntry[], changes: readonly OutboxChange[]): void {
    if (this.#stored === null) for (const { entryId } of stored) this.#ours.add(entryId)
    const before = new Map(this.#all.map((entry) => [entry.entryId, entry]))
    this.#stored = stored.map((entry) => sameAs(before.get(entry.entryId), entry))
    this.#pending = this.#pending.slice(changes.length)
    this.#layAndTell()
  }

  /** There was no room for it: it stands in this page's memory, and no older state of it in storage. */
  async #keepHere(kept: Kept, changes: readonly OutboxChange[]): Promise<void> {
    const refused = outboxAfter(this.#stored ?? [], changes).filter(({ entryId }) => changes.some((change) => concerns(change, entryId)))
    const stored = await this.#ask(kept, [{ is: 'removed', entryIds: changes.flatMap(idsIn) }])
    if (this.#kept !== kept) return
    if (!stored) return this.#goOnWithout()
    const later = this.#pending.slice(changes.length).filter(({ is }) => is !== 'added')
    this.#own = outboxAfter(inOrder([...this.#own, ...refused]), later)
    this.#settle(stored, changes)
  }

  /** Storage does not even say what it holds, or take something away: from here on there is this page's memory alone. */
  #goOnWithout(): void {
    this.#own = this.#all
    this.#letGoOfStorage()
  }

  /** Null: it refuses. */
  async #ask(kept: Kept, changes: readonly OutboxChange[]): Promise<readonly OutboxEntry[] | null> {
    const stored = await this.#patience.waitFor(kept.outbox(changes))
    // Whether it is itself again, the next answer shows.
    if (this.isLate) this.#onceRead.push(() => undefined)
    return stored
  }

  /** What is left in its place has storage read once more. */
  #waitNoLonger(): void {
    this.#goOnFrom([...this.#reading.splice(0), ...this.#onceRead.splice(0, Infinity, () => undefined)])
  }

  #goOnFrom(waiting: readonly (() => void)[]): void {
    for (const run of waiting) run()
    this.#user.kept()
  }

  #heard(news: KeptNews): void {
    if (news === 'outbox') this.#onceRead.push(() => undefined)
    else this.#letGoOfStorage()
    void this.#work()
  }

  #letGoOfStorage(): void {
    this.#kept = null
    this.#stopHearing()
    this.#patience.close()
    this.#stored = []
    this.#pending = []
    this.#layAndTell()
    this.#user.parted()
  }

  #isAwaited({ entryId }: OutboxEntry): boolean {
    return this.#pending.some((change) => concerns(change, entryId))
  }

  #lay(): void {
    const pending = this.#counted(this.#pending)
    this.#all = inOrder([...outboxAfter(this.#stored ?? [], pending), ...this.#own])
    this.#unstored = new Set([...this.#own, ...outboxAfter([], pending)].map(({ entryId }) => entryId))
  }

  /** What is stored from now on stands behind what found no room before. */
  #counted(changes: readonly OutboxChange[]): readonly OutboxChange[] {
    const order = (this.#own.at(-1)?.order ?? 0) + 1
    return changes.map((change) => (change.is === 'added' ? { ...change, entry: { ...change.entry, order } } : change))
  }

  /** What other tabs have done is seen now; own changes were seen before. */
  #layAndTell(): void {
    const before = this.#all
    this.#lay()
    const [old, now] = [new Set(before), new Set(this.#all)]
    const ids = new Set(this.#all.map(({ entryId }) => entryId))
    for (const entry of before) if (!ids.has(entry.entryId) && entry.failure === null && this.#kept) this.#leaving.add(entry)
    const others = [...before.filter((entry) => !now.has(entry)), ...this.#all.filter((entry) => !old.has(entry))]
    if (others.length > 0) this.#user.changed(new Set(others.map(laneOf)))
    this.#tellWaiters()
  }

  #tellWaiters(): void {
    for (const isOver of [...this.#waiters]) if (isOver()) this.#waiters.delete(isOver)
  }
}

function isIn(entries: readonly OutboxEntry[], { entryId }: OutboxEntry): boolean {
  return entries.some((one) => one.entryId === entryId)
}
