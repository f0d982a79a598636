import type { Message } from '@belfry/protocol/rows.ts'
import type { CallServer } from './call-server.ts'
import { ConnectionLost } from './errors.ts'
import type { Bounds } from './held-bounds.ts'
import { boundsFor } from './held-bounds.ts'
import { loadPage } from './pages.ts'
import type { Span } from './spans.ts'
import { isWithin } from './spans.ts'
import type { ReactionsByMessage } from './timeline.ts'
import { standingReactions } from './timeline.ts'
import type { PageAnswer, Topic } from './topic.ts'

/** What became of a message that one wanted to see. Deleted, it is told by what stands around its number. `left`: its reader went elsewhere before it was there. */
export type Found = { is: 'shown' | 'deleted'; n: number } | { is: 'left' }

/** The part of a room's history that is shown: standing messages, in no order. */
export interface Shown {
  messages: readonly Message[]
  /** The newest; the same as `messages` where those are what is shown. */
  latest: readonly Message[]
  /** The lowest number of the part that is shown. */
  from: number
  earlier: boolean
  /** Of all of them. */
  reactions: ReactionsByMessage
}

/** Where the reader goes: to a message, or back to their place. */
interface Target {
  to: { is: 'message'; id: string } | { is: 'place'; n: number }
  isAsked: boolean
  promise: Promise<Found>
  resolve(found: Found): void
  reject(error: unknown): void
}

/** What a history works with. */
export interface HistoryParts {
  roomId: string
  topic: Topic
  call: CallServer
  heldMax: number
  /** Whether somebody looks: who scrolls says what may be let go of. */
  isObserved(): boolean
  changed(): void
}

/** What is shown of one room: the newest messages, or a range apart from them; and where its reader is. */
export class History {
  /** Another number after each jump. */
  jumps = 0
  readonly #parts: HistoryParts
  readonly #bounds: Bounds
  /** The number of the message that the reader has before them; null: the newest. */
  #place: number | null = null
  #target: Target | null = null
  #last: Shown | null = null
  /** What was shown when a snapshot took it away: until the reader's place is loaded again. */
  #former: Shown | null = null
  readonly #loading = new Map<'earlier' | 'later', Promise<void>>()

  constructor(parts: HistoryParts) {
    this.#parts = parts
    this.#bounds = boundsFor(parts.heldMax)
  }

  look(): Shown {
    const { topic } = this.#parts
    const latest = this.#standing({ from: topic.latest, to: Infinity })
    const reactions = standingReactions(topic.rows('reaction').values())
    if (this.#former) return { ...this.#former, latest, reactions: new Map([...this.#former.reactions, ...reactions]) }
    const shown = topic.shown
    const messages = shown && shown.to !== Infinity ? this.#standing(shown) : latest
    const from = shown?.from ?? 1
    this.#last = { messages, latest, from, earlier: from > 1, reactions }
    return this.#last
  }

  async showAround(id: string): Promise<Found> {
    const held = this.#held(id)
    if (held) return this.#showHeld(held)
    this.#leave()
    this.#target = newTarget({ is: 'message', id })
    const { promise } = this.#target
    void this.#seek()
    return promise
  }

  /** Shows what stands around this number, whether or not that message stands. */
  async showNumber(n: number): Promise<void> {
    const { shown, latest } = this.#parts.topic
    if (n >= latest) return this.showLatest()
    if (shown && isWithin(shown, n)) return
    this.#leave()
    this.#place = n
    this.#target = newTarget({ is: 'place', n })
    const { promise } = this.#target
    void this.#seek()
    await promise
  }

  showLatest(): void {
    this.#leave()
    this.#place = null
    if (this.#parts.topic.shown?.to !== Infinity) this.#jump(() => this.#parts.topic.showLatest())
  }

  reads(n: number | null): void {
    if (this.#former) return
    this.#place = n
    if (this.#bound()) this.#parts.changed()
  }

  load(side: 'earlier' | 'later'): Promise<void> {
    const loading = this.#loading.get(side) ?? this.#load(side).finally(() => this.#loading.delete(side))
    this.#loading.set(side, loading)
    return loading
  }

  /** Rows have changed, or all were replaced: then the reader's place is loaded again where it is not among the newest. */
  took(by: 'snapshot' | 'change'): void {
    if (by === 'snapshot') this.#returnToPlace()
    else if (!this.#parts.isObserved()) this.#bound()
  }

  /** Nothing may be shown any more. */
  dropped(): void {
    this.#last = this.#former = null
  }

  /** The connection is there again. */
  welcomed(): void {
    void this.#seek()
  }

  #standing(span: Span): Message[] {
    return [...this.#parts.topic.rows('message').values()].filter((row) => row.deletedAt === null && isWithin(span, row.n))
  }

  /** Only with what stands around it: a message that others answer is held apart, alone. */
  #held(id: string): Message | null {
    const { topic } = this.#parts
    const row = this.#former ? null : topic.rows('message').get(id)
    return row && (row.n >= topic.latest || (topic.shown && isWithin(topic.shown, row.n))) ? row : null
  }

  #showHeld(row: Message): Found {
    const { topic } = this.#parts
    if (topic.shown && isWithin(topic.shown, row.n)) this.#leave()
    else this.showLatest()
    this.#place = row.n
    return foundAs(row)
  }

  #returnToPlace(): void {
    const n = this.#place
    this.#former = null
    if (this.#target?.to.is === 'place') this.#leave()
    if (!this.#target && n !== null && n < this.#parts.topic.latest) {
      this.#former = this.#last
      this.#target = newTarget({ is: 'place', n })
    }
    void this.#seek()
  }

  /** Loads what the reader wants to see; what the lost connection leaves open is asked again by the next. */
  async #seek(): Promise<void> {
    const target = this.#target
    if (!target || !this.#parts.topic.position || this.#isThere(target) || target.isAsked) return
    target.isAsked = true
    try {
      await loadPage(this.#parts.topic, elsewhere, async () => {
        const answer = await this.#pageFor(target)
        return this.#target === target ? answer : null
      })
      if (this.#target === target) this.#arrive(target)
    } catch (error) {
      target.isAsked = false
      if (this.#target === target && !(error instanceof ConnectionLost)) this.#fail(target, error)
    }
  }

  /** What is held meanwhile needs no answer: without a connection there would be none. */
  #isThere(target: Target): boolean {
    const held = target.to.is === 'message' && this.#held(target.to.id)
    if (!held) return false
    this.#target = null
    target.resolve(this.#showHeld(held))
    return true
  }

  async #pageFor({ to }: Target): Promise<PageAnswer> {
    const { roomId, call } = this.#parts
    // A place is told by its number alone: the message itself may be gone meanwhile.
    const before = to.is === 'place' ? to.n + Math.ceil((this.#bounds.aroundItems * 3) / 4) : null
    const where = to.is === 'message' ? { around: to.id } : { before: before! }
    const { items, reactions, next, epoch, seq } = await call('message.list', { roomId, limit: this.#bounds.aroundItems, ...where })
    const span = { from: next === null ? 1 : items[0]!.n, to: before === null ? items.at(-1)!.n : before - 1 }
    return { epoch, seq, rows: { message: items, reaction: reactions }, span }
  }

  #arrive(target: Target): void {
    const row = target.to.is === 'message' ? this.#parts.topic.rows('message').get(target.to.id) : null
    if (row) this.#place = row.n
    this.#jump(() => (this.#target = this.#former = null))
    target.resolve(row ? foundAs(row) : { is: 'left' })
  }

  /** Without a way back to one's place the newest are shown; a message that cannot be had leaves all as it is. */
  #fail(target: Target, error: unknown): void {
    this.#target = null
    if (target.to.is === 'place') this.#jump(() => (this.#place = this.#former = null))
    target.reject(error)
  }

  #leave(): void {
    this.#former = null
    this.#target?.resolve({ is: 'left' })
    this.#target = null
  }

  #jump(act: () => void): void {
    act()
    this.jumps++
    this.#parts.changed()
  }

  async #load(side: 'earlier' | 'later'): Promise<void> {
    if (this.#former) await this.#target?.promise.catch(() => null)
    await loadPage(
      this.#parts.topic,
      () => this.#edge(side),
      async ({ than }) => {
        this.#place = than
        return this.#pageBeyond(side, than)
      },
    )
    if (!this.#parts.isObserved()) this.#bound()
    this.#parts.changed()
  }

  /** Where a page joins what is shown; null at the end of the history. */
  #edge(side: 'earlier' | 'later') {
    const { shown } = this.#parts.topic
    if (!shown) return null
    if (side === 'earlier') return shown.from > 1 ? { is: side, than: shown.from } : null
    return shown.to === Infinity ? null : { is: side, than: shown.to }
  }

  async #pageBeyond(side: 'earlier' | 'later', than: number): Promise<PageAnswer> {
    const { roomId, call } = this.#parts
    const where = side === 'earlier' ? { before: than } : { after: than }
    const { items, reactions, next, epoch, seq } = await call('message.list', { roomId, limit: this.#bounds.pageItems, ...where })
    const [first, last] = next === null ? [1, Infinity] : [items[0]!.n, items.at(-1)!.n]
    const span = side === 'earlier' ? { from: first, to: than - 1 } : { from: than + 1, to: last }
    return { epoch, seq, rows: { message: items, reaction: reactions }, span }
  }

  /** Whether something was let go of: nothing grows without end, however long one scrolls or others write. */
  #bound(): boolean {
    const { topic } = this.#parts
    const { shownMax, shownKept, latestMax, latestKept } = this.#bounds
    if (topic.rows('message').size <= latestMax) return false
    const { messages, latest } = this.look()
    const isTooMuch = messages.length > shownMax || (messages !== latest && latest.length > latestMax)
    if (isTooMuch) topic.letGo({ near: this.#place, shown: shownKept, latest: latestKept })
    return isTooMuch
  }
}

function elsewhere() {
  return { is: 'elsewhere' } as const
}

function newTarget(to: Target['to']): Target {
  const target = { to, isAsked: false, ...Promise.withResolvers<Found>() }
  // A return to one's place has nobody who waits for it.
  target.promise.catch(() => null)
  return target
}

function foundAs({ deletedAt, n }: Message): Found {
  return { is: deletedAt === null ? 'shown' : 'deleted', n }
}
