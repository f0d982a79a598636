import type { Message, Notification } from '@belfry/protocol/rows.ts'
import { backoffMs } from './backoff.ts'
import { ConnectionLost, RefusalError } from './errors.ts'
import { foldedInto, isReplacedBy } from './folding.ts'
import type { Kept } from './kept.ts'
import type { Lane, MessageEntry, OutboxCommand, OutboxEntry, PostEntry } from './outbox-entry.ts'
import { isMarkOfOld, isMessageCommand, laneOf, losesId, newEntry, SEND_AGAIN, sentAgain, UNSENT, verdictOn } from './outbox-entry.ts'
import type { ServerClock } from './server-clock.ts'
import { StoredEntries } from './stored-entries.ts'
import type { World } from './world.ts'

/** So many commands may wait in one lane: marks do not wait for the room that messages take up. */
export const OUTBOX_LANE_MAX = 500

/** What the outbox needs around it. */
export interface OutboxSurroundings {
  send(name: string, input: unknown): Promise<unknown>
  /** The newest known state of a message, and the epoch that its `changed` belongs to. */
  newest(roomId: string, id: string): { changed: number; epoch: string } | null
  /** The newest known state of a notification: the `changed` of its row, if that is of the present epoch. */
  seen(notificationId: string): number | null
  /** A notification as it is now, beside the stream. */
  took(notification: Notification): void
  /** The entry was answered and has left the outbox. */
  answered(entry: OutboxEntry, result: unknown): void
  /** A lane's entries are others now. */
  changed(lane: Lane): void
}

/** Commands that are not answered yet, in the order of storing, one lane (room or inbox) at a time. Of an account's tabs one holds it and sends [W8]. */
export class Outbox {
  /** Between welcome and loss: nothing is sent before it is known which commands died with their epoch. */
  #epoch: string | null = null
  #isHolder = false
  #letGo = (): void => undefined
  /** Per lane, the entry that is under way. It is kept as sent before it is. */
  readonly #busy = new Map<Lane, { entryId: string; isSent: boolean }>()
  /** Lanes that wait before they send again. */
  readonly #paused = new Map<Lane, () => void>()
  readonly #entries: StoredEntries
  readonly #world: World
  readonly #clock: ServerClock
  readonly #around: OutboxSurroundings

  constructor(world: World, clock: ServerClock, around: OutboxSurroundings) {
    this.#world = world
    this.#clock = clock
    this.#around = around
    this.#entries = new StoredEntries(world, {
      changed: (lanes) => this.#changed(lanes),
      kept: () => this.#send(),
      parted: () => {
        if (this.#epoch !== null) this.#askToHold()
      },
    })
  }

  entries(lane: Lane): OutboxEntry[] {
    return this.#entries.shown(lane)
  }

  /** How many messages wait to be posted, and were not refused. */
  get unsent(): number {
    return this.#entries.all.filter(({ name, failure }) => name === 'message.post' && failure === null).length
  }

  /** How many changes would be a loss, refused ones too; that something was looked at would not. */
  get unsentChanges(): number {
    return this.#entries.all.filter((entry) => entry.name !== 'notification.mark-all' || entry.input.set.read === true).length
  }

  isFull(lane: Lane): boolean {
    return this.#entries.all.filter((entry) => laneOf(entry) === lane).length >= OUTBOX_LANE_MAX
  }

  /** From here on entries outlive this page, and other tabs share them: the same id makes a second sending harmless. */
  keepIn(kept: Kept): void {
    this.#entries.keepIn(kept)
  }

  /** Resolves when all that waits for this message outlives the page, or has been answered. */
  whenSafe(messageId: string): Promise<void> {
    return this.#entries.whenSafe(messageId)
  }

  /** Stores a command. Throws when too many wait. */
  add(command: OutboxCommand, epoch: string | null = null): OutboxEntry {
    const replaced = this.#entries.all.filter((entry) => !this.isUnderWay(entry) && isReplacedBy(entry, command))
    if (replaced.length === 0 && this.isFull(laneOf(command)))
      throw new Error(`${OUTBOX_LANE_MAX} changes are waiting to be sent. Try again when some have gone out.`)
    const folded = replaced.reduceRight(foldedInto, command)
    const entryId = folded.name === 'message.post' ? folded.input.id : this.#clock.newId()
    const entry = newEntry(folded, { entryId, createdAt: this.#clock.now(), epoch })
    this.#entries.take(replaced)
    this.#entries.add(entry)
    this.#changed([laneOf(entry)])
    return entry
  }

  /** Its author wants it sent after all, or with another text: what failed says from now on the newest state, which its author has before them. */
  again(entry: OutboxEntry): void {
    const next: OutboxEntry = { ...(entry.failure === null ? entry : this.#withNewestSeen(entry)), ...UNSENT }
    if (next.name !== 'message.post' || !entry.isIdLost) return this.#replace(next)
    const id = this.#clock.newId()
    const anew = { ...next, entryId: id, createdAt: this.#clock.now(), openUntil: 0, input: { ...next.input, id } }
    this.#entries.put(anew, entry.entryId)
    this.#changed([laneOf(entry)])
  }

  remove(entries: readonly OutboxEntry[]): void {
    this.#entries.take(entries)
    this.#changed(new Set(entries.map(laneOf)))
  }

  /** Whether it is on its way, or may be: its text can no longer be changed here. */
  isUnderWay(entry: OutboxEntry): boolean {
    return entry.failure === null && entry.tries > 0
  }

  /** Messages that arrived: what they show to be done is done, also what seemed to have failed. Tells nobody: the rows' arrival does. */
  settle(messages: readonly Message[]): void {
    for (const row of messages) for (const entry of this.#entries.takeDoneBy(row)) this.#sawOwn(entry, row)
  }

  welcomed(epoch: string): void {
    this.#epoch = epoch
    this.#askToHold()
    this.#send()
  }

  /** Another tab may be online: it shall send instead. */
  lost(): void {
    this.#epoch = null
    this.#stopHolding()
    this.#busy.clear()
    for (const stopTimer of this.#paused.values()) stopTimer()
    this.#paused.clear()
  }

  /** Nothing is sent or kept any more. */
  close(): void {
    this.lost()
    this.#entries.close()
  }

  #askToHold(): void {
    this.#stopHolding()
    this.#letGo = this.#entries.hold(() => {
      this.#isHolder = true
      this.#changed(new Set(this.#entries.all.map(laneOf)))
    })
  }

  #stopHolding(): void {
    this.#isHolder = false
    this.#letGo()
    this.#letGo = () => undefined
  }

  #changed(lanes: Iterable<Lane>): void {
    this.#send()
    for (const lane of lanes) this.#around.changed(lane)
  }

  #send(): void {
    if (this.#epoch === null) return
    this.#dieWithEpoch(this.#epoch)
    /** Messages of which something is not sent here: what comes behind that waits for it. */
    const left = new Set<string>()
    const seen = new Set<Lane>()
    for (const entry of this.#entries.all) {
      const lane = laneOf(entry)
      const isSentHere = this.#isSentHere(entry)
      if (entry.failure !== null || seen.has(lane)) continue
      // What another tab sends goes before what stands behind it here. Where tabs cannot agree, each goes on with its own.
      if (!isSentHere && (this.#isHolder || this.#entries.isLate)) {
        if (isMessageCommand(entry)) left.add(entry.input.id)
        continue
      }
      if (isMessageCommand(entry) && left.has(entry.input.id)) continue
      seen.add(lane)
      if (isSentHere && !this.#paused.has(lane) && !this.#busy.get(lane)?.isSent) this.#sendNext(entry, lane)
    }
  }

  #isSentHere(entry: OutboxEntry): boolean {
    return (this.#isHolder && this.#entries.isOurs(entry)) || this.#entries.isSentAnyway(entry)
  }

  /** First it is kept as sent: should this page end now, the next one knows that an attempt may be open. */
  #sendNext(stored: OutboxEntry, lane: Lane): void {
    if (this.#entries.isPending(stored)) return
    if (this.#busy.get(lane)?.entryId === stored.entryId) return this.#sendKept(stored, lane)
    const entry = sentAgain(this.#withMarkedSeen(stored), this.#world.now())
    this.#busy.set(lane, { entryId: entry.entryId, isSent: false })
    this.#entries.put(entry)
    if (!this.#entries.isPending(entry)) this.#sendKept(entry, lane)
  }

  #sendKept(entry: OutboxEntry, lane: Lane): void {
    this.#busy.set(lane, { entryId: entry.entryId, isSent: true })
    void this.#around.send(entry.name, entry.input).then(
      (result) => this.#succeeded(entry, lane, result),
      (error: unknown) => this.#unanswered(entry, lane, error),
    )
  }

  #succeeded(entry: OutboxEntry, lane: Lane, result: unknown): void {
    this.#busy.delete(lane)
    this.#entries.take([entry])
    if (isMessageCommand(entry)) this.#sawOwn(entry, result as Message)
    this.#around.answered(entry, result)
    this.#changed([lane])
  }

  /** An edit says which state its author saw. What one's own earlier command made of the message they saw as well, before it had a number. */
  #sawOwn(own: MessageEntry, row: Message): void {
    if (own.name === 'message.delete' || own.input.body !== row.body) return
    for (const entry of this.#entries.all) {
      if (entry.name !== 'message.edit' || entry.input.id !== row.id || entry.tries > 0 || entry.failure !== null) continue
      const changed = Math.max(entry.input.changed, row.changed)
      this.#entries.put({ ...entry, epoch: this.#epoch, input: { ...entry.input, changed } })
    }
  }

  #withNewestSeen(entry: OutboxEntry): OutboxEntry {
    if (entry.name !== 'message.edit') return entry
    const newest = this.#around.newest(entry.input.roomId, entry.input.id)
    return newest ? { ...entry, epoch: newest.epoch, input: { ...entry.input, changed: newest.changed } } : entry
  }

  /** A mark says which state it marks, as that is known when it is sent: an attempt that arrives late undoes nothing that was marked after it. */
  #withMarkedSeen(entry: OutboxEntry): OutboxEntry {
    if (entry.name !== 'notification.mark') return entry
    const { changed: _, ...input } = entry.input
    const seen = this.#around.seen(input.id)
    return { ...entry, input: { ...input, ...(seen !== null && { changed: seen }) } }
  }

  /** With the connection goes all that is under way; what else may go wrong must not hold up the lane. */
  #unanswered(entry: OutboxEntry, lane: Lane, error: unknown): void {
    if (error instanceof RefusalError) return this.#refused(entry, lane, error)
    if (error instanceof ConnectionLost) return
    this.#busy.delete(lane)
    this.#pause(entry, lane, { isOpen: true, afterMs: null })
  }

  #refused(entry: OutboxEntry, lane: Lane, refusal: RefusalError): void {
    if (isMarkOfOld(entry, refusal) && refusal.row) this.#around.took(refusal.row as Notification)
    const verdict = verdictOn(entry, refusal, this.#world.now())
    if (verdict.is === 'done') return this.#succeeded(entry, lane, refusal.row)
    this.#busy.delete(lane)
    if (verdict.is === 'failed') this.#fail({ ...entry, isIdLost: losesId(refusal) }, refusal.detail)
    if (verdict.is === 'again') this.#pause(entry, lane, { isOpen: refusal.code === 'unknown', afterMs: verdict.afterMs })
    this.#changed([lane])
  }

  /** Of what was done to messages the author decides; a mark that was refused is simply not shown any more. */
  #fail(entry: OutboxEntry, failure: string): void {
    if (!isMessageCommand(entry)) return this.#entries.take([entry])
    if (entry.name === 'message.post') this.#failPost(entry, failure)
    else this.#entries.put({ ...entry, sentAt: null, failure })
  }

  /** What was to happen to a message that was never posted happens here. */
  #failPost(post: PostEntry, failure: string): void {
    const later = this.#entries.all
      .filter(isMessageCommand)
      .filter(({ name, input }) => name !== 'message.post' && input.id === post.input.id)
    if (later.some(({ name }) => name === 'message.delete')) return this.#entries.take([post, ...later])
    const body = later.findLast((entry) => entry.name === 'message.edit')?.input.body ?? post.input.body
    this.#entries.put({ ...post, input: { ...post.input, body }, sentAt: null, failure })
    this.#entries.take(later)
  }

  #pause(entry: OutboxEntry, lane: Lane, { isOpen, afterMs }: { isOpen: boolean; afterMs: number | null }): void {
    this.#entries.put({ ...entry, sentAt: isOpen ? entry.sentAt : null })
    const delayMs = afterMs ?? backoffMs(SEND_AGAIN, entry.tries - 1, () => this.#world.random())
    const stopTimer = this.#world.after(delayMs, () => {
      this.#paused.delete(lane)
      this.#send()
    })
    this.#paused.set(lane, stopTimer)
  }

  #dieWithEpoch(epoch: string): void {
    for (const entry of this.#entries.all) {
      if (entry.failure !== null || entry.epoch === null || entry.epoch === epoch || !this.#isSentHere(entry)) continue
      this.#fail(entry, 'The server was restored from a backup meanwhile. Look whether this is still right.')
      this.#around.changed(laneOf(entry))
    }
  }

  #replace(entry: OutboxEntry): void {
    this.#entries.put(entry)
    this.#changed([laneOf(entry)])
  }
}
