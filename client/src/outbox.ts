import type { Message } from '@belfry/protocol/rows.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { backoffMs } from './backoff.ts'
import { RefusalError } from './errors.ts'
import type { KeptOutbox } from './kept-outbox.ts'
import type { Lane, OutboxCommand, OutboxEntry, PostEntry } from './outbox-entry.ts'
import { isDoneBy, isMessageCommand, laneOf, newEntry, SEND_AGAIN, sentAgain, verdictOn } from './outbox-entry.ts'
import type { World } from './world.ts'

export const OUTBOX_MAX = 500

/** What the outbox needs around it. */
export interface OutboxSurroundings {
  send(name: string, input: unknown): Promise<unknown>
  /** The newest known state of a message, and the epoch that its `changed` belongs to. */
  newest(roomId: string, id: string): { changed: number; epoch: string } | null
  /** The entry was answered and has left the outbox. */
  answered(entry: OutboxEntry, result: unknown): void
  /** A lane's entries are others now. */
  changed(lane: Lane): void
}

/** Commands that are not answered yet, in the order of storing, one lane (room or inbox) at a time [W8]. */
export class Outbox {
  #entries: readonly OutboxEntry[] = []
  #kept: KeptOutbox | null = null
  /** Between welcome and loss: nothing is sent before it is known which commands died with their epoch. */
  #isWelcome = false
  /** Per lane, the entry that is under way. */
  readonly #busy = new Map<Lane, string>()
  /** Lanes that wait before they send again. */
  readonly #paused = new Map<Lane, () => void>()
  readonly #world: World
  readonly #around: OutboxSurroundings

  constructor(world: World, around: OutboxSurroundings) {
    this.#world = world
    this.#around = around
  }

  entries(lane: Lane): OutboxEntry[] {
    return this.#entries.filter((entry) => laneOf(entry) === lane)
  }

  /** From here on entries outlive this page; those of an earlier page are sent too: the same id makes a second sending harmless. */
  keepIn(kept: KeptOutbox): void {
    const own = this.#entries
    this.#kept = kept
    this.#entries = [...kept.read(), ...own]
    for (const entry of own) kept.keep(entry)
    this.#changed(new Set(this.#entries.map(laneOf)))
  }

  /** Stores a command. Throws when too many wait. */
  add(command: OutboxCommand, epoch: string | null = null): OutboxEntry {
    if (this.#entries.length >= OUTBOX_MAX)
      throw new Error(`${OUTBOX_MAX} changes are waiting to be sent. Try again when some have gone out.`)
    const entryId = command.name === 'message.post' ? command.input.id : uuidv7()
    const entry = newEntry(command, { entryId, createdAt: this.#world.now(), epoch })
    this.#entries = [...this.#entries, entry]
    this.#kept?.keep(entry)
    this.#changed([laneOf(entry)])
    return entry
  }

  /** Puts an entry's next state in its place. */
  replace(entry: OutboxEntry): void {
    this.#put(entry)
    this.#changed([laneOf(entry)])
  }

  remove(entries: readonly OutboxEntry[]): void {
    this.#take(entries)
    this.#changed(new Set(entries.map(laneOf)))
  }

  /** Whether it is on its way, or may be: its text can no longer be changed here. */
  isUnderWay(entry: OutboxEntry): boolean {
    return entry.failure === null && entry.tries > 0
  }

  /** Messages that arrived: what they show to be done is done, also what seemed to have failed. Tells nobody: the rows' arrival does. */
  settle(messages: readonly Message[]): void {
    const done = messages.flatMap((row) => this.#doneBy(row))
    if (done.length > 0) this.#take(done)
  }

  welcomed(epoch: string): void {
    for (const entry of this.#entries) if (entry.epoch !== null && entry.epoch !== epoch) this.#dieWithEpoch(entry)
    this.#isWelcome = true
    this.#send()
  }

  lost(): void {
    this.#isWelcome = false
    this.#busy.clear()
    for (const stopTimer of this.#paused.values()) stopTimer()
    this.#paused.clear()
  }

  /** Nothing is sent or kept any more. */
  close(): void {
    this.lost()
    this.#kept = null
  }

  #changed(lanes: Iterable<Lane>): void {
    this.#send()
    for (const lane of lanes) this.#around.changed(lane)
  }

  #send(): void {
    if (!this.#isWelcome) return
    const seen = new Set<Lane>()
    for (const entry of this.#entries) {
      const lane = laneOf(entry)
      if (entry.failure !== null || seen.has(lane)) continue
      seen.add(lane)
      if (!this.#busy.has(lane) && !this.#paused.has(lane)) this.#sendOne(entry, lane)
    }
  }

  #sendOne(stored: OutboxEntry, lane: Lane): void {
    const entry = sentAgain(stored.tries === 0 ? this.#withNewestSeen(stored) : stored, this.#world.now())
    this.#busy.set(lane, entry.entryId)
    this.#put(entry)
    void this.#around.send(entry.name, entry.input).then(
      (result) => this.#succeeded(entry, lane, result),
      (error: unknown) => error instanceof RefusalError && this.#refused(entry, lane, error),
    )
  }

  /** An edit says which state it saw; only its first sending may say a newer one, or a lost answer would look like success. */
  #withNewestSeen(entry: OutboxEntry): OutboxEntry {
    if (entry.name !== 'message.edit') return entry
    const newest = this.#around.newest(entry.input.roomId, entry.input.id)
    return newest ? { ...entry, epoch: newest.epoch, input: { ...entry.input, changed: newest.changed } } : entry
  }

  #succeeded(entry: OutboxEntry, lane: Lane, result: unknown): void {
    this.#busy.delete(lane)
    this.#take([entry])
    this.#around.answered(entry, result)
    this.#changed([lane])
  }

  #refused(entry: OutboxEntry, lane: Lane, refusal: RefusalError): void {
    const verdict = verdictOn(entry, refusal, this.#world.now())
    if (verdict.is === 'done') return this.#succeeded(entry, lane, refusal.row)
    this.#busy.delete(lane)
    if (verdict.is === 'failed') this.#fail(entry, refusal.detail)
    if (verdict.is === 'again') this.#pause(entry, lane, { isOpen: refusal.code === 'unknown', afterMs: verdict.afterMs })
    this.#changed([lane])
  }

  /** Of what was done to messages the author decides; a mark that was refused is simply not shown any more. */
  #fail(entry: OutboxEntry, failure: string): void {
    if (!isMessageCommand(entry)) return this.#take([entry])
    if (entry.name === 'message.post') this.#failPost(entry, failure)
    else this.#put({ ...entry, sentAt: null, failure })
  }

  /** What was to happen to a message that was never posted happens here. */
  #failPost(post: PostEntry, failure: string): void {
    const later = this.#entries.filter(isMessageCommand).filter(({ name, input }) => name !== 'message.post' && input.id === post.input.id)
    this.#take(later)
    if (later.some(({ name }) => name === 'message.delete')) return this.#take([post])
    const body = later.findLast((entry) => entry.name === 'message.edit')?.input.body ?? post.input.body
    this.#put({ ...post, input: { ...post.input, body }, sentAt: null, failure })
  }

  #pause(entry: OutboxEntry, lane: Lane, { isOpen, afterMs }: { isOpen: boolean; afterMs: number | null }): void {
    this.#put({ ...entry, sentAt: isOpen ? entry.sentAt : null })
    const delayMs = afterMs ?? backoffMs(SEND_AGAIN, entry.tries - 1, () => this.#world.random())
    const stopTimer = this.#world.after(delayMs, () => {
      this.#paused.delete(lane)
      this.#send()
    })
    this.#paused.set(lane, stopTimer)
  }

  #dieWithEpoch(entry: OutboxEntry): void {
    this.#fail(entry, 'The server was restored from a backup meanwhile. Look whether this is still right.')
    this.#around.changed(laneOf(entry))
  }

  /** In their order, up to the first that is not done: an edit back to an older text is not done by that older text. */
  #doneBy(row: Message): OutboxEntry[] {
    const entries = this.#entries.filter(isMessageCommand).filter(({ input }) => input.id === row.id)
    const firstOpen = entries.findIndex((entry) => !isDoneBy(entry, row))
    return firstOpen < 0 ? entries : entries.slice(0, firstOpen)
  }

  #put(entry: OutboxEntry): void {
    const at = this.#entries.findIndex(({ entryId }) => entryId === entry.entryId)
    if (at < 0) return
    this.#entries = this.#entries.with(at, entry)
    this.#kept?.keep(entry)
  }

  #take(entries: readonly OutboxEntry[]): void {
    const ids = entries.map(({ entryId }) => entryId)
    this.#entries = this.#entries.filter(({ entryId }) => !ids.includes(entryId))
    this.#kept?.remove(ids)
  }
}
