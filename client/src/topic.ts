import type { Change, Snapshot } from '@belfry/protocol/down.ts'
import type { Message, Reaction, RowKind, RowOf } from '@belfry/protocol/rows.ts'
import type { Gathered, RowsFrame, WireRows } from './parts.ts'
import { gather } from './parts.ts'
import type { Keep, Span, Spans } from './spans.ts'
import { isHeld, keeping, showing, shownSpan } from './spans.ts'
import type { InboxFilter, Windows } from './windows.ts'
import { INBOX_FILTERS, isInside } from './windows.ts'

export type AnyRow = RowOf<RowKind>

export interface Held {
  kind: RowKind
  row: AnyRow
}

export interface TopicPosition {
  epoch: string
  seq: number
}

/** What became of a frame. `fresh`: rows that were not held before. */
export type Taken = { is: 'applied'; by: 'snapshot' | 'change'; rows: WireRows; fresh: Held[] } | { is: 'nothing' } | { is: 'gap' }

/** What a page is asked for. */
export type PageOf =
  /** Rows by id, which no window bounds. */
  | { is: 'rows' }
  /** Of a list of the inbox, what stands below this id; undefined: the newest. */
  | { is: 'list'; filter: InboxFilter; before: string | undefined }
  /** Of a room, what stands before the first or after the last of the messages shown. */
  | { is: 'earlier' | 'later'; than: number }
  /** Messages to be shown in place of those that are. */
  | { is: 'elsewhere' }

/** A page that was asked for; changes that come meanwhile are kept for it. */
export interface AwaitedPage {
  readonly of: PageOf
  readonly asked: TopicPosition
  readonly changes: Map<string, Held>
}

export interface PageAnswer {
  epoch: string
  seq: number
  rows: WireRows
  /** Of a list: the oldest id down to which it is complete with this page; null: it is whole. */
  oldest?: string | null
  /** Of messages: the numbers that it holds completely. */
  span?: Span
}

/** One topic as this client holds it: its position and its rows. */
export class Topic {
  #rows = new Map<RowKind, Map<string, AnyRow>>()
  #windows: Windows = {}
  /** Null where no messages are claimed at all. */
  #spans: Spans | null = null
  #position: TopicPosition | null = null
  /** The seq of the last snapshot. */
  #base = 0
  #gathered: Gathered | null = null
  #awaited = new Set<AwaitedPage>()
  /** Messages that are held wherever they stand: others answer them. */
  readonly #apart = new Set<string>()

  get position(): TopicPosition | null {
    return this.#position
  }

  get windows(): Readonly<Windows> {
    return this.#windows
  }

  /** Which messages are shown. */
  get shown(): Span | null {
    return this.#spans && shownSpan(this.#spans)
  }

  /** From which number on everything is held, up to the newest. */
  get latest(): number {
    return this.#spans?.latest ?? Infinity
  }

  rows<K extends RowKind>(kind: K): ReadonlyMap<string, RowOf<K>> {
    return (this.#rows.get(kind) ?? new Map()) as ReadonlyMap<string, RowOf<K>>
  }

  /** Applies a snapshot or a change, once all of its parts are there. `gap`: something is missing, follow again [F1]. */
  take(frame: RowsFrame): Taken {
    if (frame.t === 'change' && (!this.#position || frame.seq <= this.#position.seq)) return { is: 'nothing' }
    const gathering = gather(this.#gathered, frame)
    this.#gathered = gathering.is === 'waiting' ? gathering.gathered : null
    if (gathering.is === 'waiting') return { is: 'nothing' }
    if (gathering.is === 'broken') return { is: gathering.mayMore ? 'nothing' : 'gap' }
    return gathering.frame.t === 'snapshot' ? this.#replace(gathering.frame) : this.#advance(gathering.frame)
  }

  /** Rows that came with a reply. Those older than the snapshot may have changed since, unseen: they are taken only if held. */
  besides(epoch: string, rows: WireRows): void {
    if (this.#position?.epoch !== epoch) return
    for (const held of each(rows)) if (this.#has(held) || held.row.changed > this.#base) this.#merge(held)
  }

  /** Null while nothing is held yet. */
  awaitPage(of: PageOf): AwaitedPage | null {
    if (!this.#position) return null
    const page = { of, asked: this.#position, changes: new Map() }
    this.#awaited.add(page)
    return page
  }

  /** False: the answer is of another epoch, too old, or does not join what is held now; ask again [F6]. */
  takePage(page: AwaitedPage, answer: PageAnswer): boolean {
    if (!this.#awaited.delete(page) || !this.#fits(page, answer)) return false
    this.#widen(page.of, answer)
    for (const held of each(answer.rows)) this.#merge(held)
    for (const held of page.changes.values()) this.#merge(held)
    return true
  }

  dropPage(page: AwaitedPage): void {
    this.#awaited.delete(page)
  }

  /** Shows the newest messages, and lets go of the range that was shown. */
  showLatest(): void {
    if (this.#spans) this.#hold({ ...this.#spans, range: null })
  }

  /** Lets go of messages that are far from those to keep; they can be loaded again. */
  letGo(keep: Keep): void {
    if (!this.#spans) return
    const standing = [...this.rows('message').values()].filter(({ deletedAt }) => deletedAt === null).map(({ n }) => n)
    this.#hold(
      keeping(
        this.#spans,
        standing.toSorted((a, b) => a - b),
        keep,
      ),
    )
  }

  /** Holds these messages from now on wherever they stand, once they come; of more than `max` the first are let go of. */
  keepApart(ids: readonly string[], max: number): void {
    for (const id of ids) this.#apart.add(id)
    for (const id of [...this.#apart].slice(0, Math.max(0, this.#apart.size - max))) this.#apart.delete(id)
    if (this.#spans) this.#hold(this.#spans)
  }

  /** Lets go of rows that no window bounds. */
  forget(kind: 'user', ids: Iterable<string>): void {
    for (const id of ids) this.#rows.get(kind)?.delete(id)
  }

  /** The connection is gone: parts that are still missing will not come. */
  interrupt(): void {
    this.#gathered = null
  }

  /** Gives up all that is held. */
  clear(): void {
    this.#rows.clear()
    this.#windows = {}
    this.#spans = null
    this.#position = null
    this.#gathered = null
    this.#awaited.clear()
    this.#apart.clear()
  }

  #replace(frame: Snapshot): Taken {
    this.#rows.clear()
    this.#apart.clear()
    const { messages, ...lists } = frame.windows as Windows & { messages?: number | null }
    this.#windows = lists
    this.#spans = messages === undefined ? null : { latest: messages ?? 1, range: null }
    this.#position = { epoch: frame.epoch, seq: frame.seq }
    this.#base = frame.seq
    return { is: 'applied', by: 'snapshot', rows: frame.rows, fresh: this.#mergeAll(frame.rows) }
  }

  #advance(frame: Change): Taken {
    const position = this.#position
    if (!position || frame.prev > position.seq) return { is: 'gap' }
    this.#position = { epoch: position.epoch, seq: frame.seq }
    return { is: 'applied', by: 'change', rows: frame.rows, fresh: this.#mergeAll(frame.rows) }
  }

  #mergeAll(rows: WireRows): Held[] {
    const fresh: Held[] = []
    for (const held of each(rows)) {
      const isNew = !this.#has(held)
      this.#merge(held)
      if (isNew && this.#has(held)) fresh.push(held)
    }
    return fresh
  }

  /** The newer `changed` wins. A deleted row is kept as a tombstone, against older states of it that are still under way [F5]. */
  #merge(held: Held): void {
    for (const page of this.#awaited) keepNewer(page.changes, held)
    if (!this.#has(held) && !this.#claims(held)) return
    const rows = this.#rows.get(held.kind) ?? new Map<string, AnyRow>()
    this.#rows.set(held.kind, rows)
    const current = rows.get(held.row.id)
    if (!current || held.row.changed > current.changed) rows.set(held.row.id, held.row)
  }

  /** Whether a window reaches to this row; otherwise it is kept only if it was held before [F6]. */
  #claims({ kind, row }: Held): boolean {
    if (kind === 'message' && this.#apart.has(row.id)) return true
    if (kind === 'message' || kind === 'reaction') return this.#spans !== null && isHeld(this.#spans, (row as Message | Reaction).n)
    if (kind === 'notification') return INBOX_FILTERS.some((filter) => isInside(this.#windows, filter, row.id))
    return true
  }

  #has({ kind, row }: Held): boolean {
    return this.#rows.get(kind)?.has(row.id) ?? false
  }

  #fits(page: AwaitedPage, answer: PageAnswer): boolean {
    if (!this.#position || answer.epoch !== this.#position.epoch || page.asked.epoch !== answer.epoch) return false
    return answer.seq >= this.#base && answer.seq >= page.asked.seq && this.#joins(page.of)
  }

  /** Whether what the page begins or ends at has not moved meanwhile. */
  #joins(of: PageOf): boolean {
    if (of.is === 'list') return of.before === this.#windows[of.filter]
    if (of.is === 'earlier') return of.than === this.shown?.from
    return of.is !== 'later' || of.than === this.shown?.to
  }

  #widen(of: PageOf, { oldest, span }: PageAnswer): void {
    if (of.is === 'list') this.#windows = { ...this.#windows, [of.filter]: oldest ?? null }
    if (!span || !this.#spans) return
    const { from, to } = shownSpan(this.#spans)
    if (of.is === 'earlier') this.#hold(showing(this.#spans, { from: span.from, to }))
    if (of.is === 'later') this.#hold(showing(this.#spans, { from, to: span.to }))
    if (of.is === 'elsewhere') this.#hold(showing(this.#spans, span))
  }

  /** Claims these messages, and what stands at them, from now on. Once rows are let go of, it is as if a snapshot had brought what is left. */
  #hold(spans: Spans): void {
    this.#spans = spans
    for (const kind of ['message', 'reaction'] as const) {
      const outside = [...this.rows(kind).values()].filter(({ id, n }) => !isHeld(spans, n) && !this.#apart.has(id))
      if (outside.length === 0 || !this.#position) continue
      this.#base = this.#position.seq
      for (const { id } of outside) this.#rows.get(kind)?.delete(id)
    }
  }
}

function* each(rows: WireRows): Generator<Held> {
  for (const [kind, some] of Object.entries(rows)) for (const row of some ?? []) yield { kind: kind as RowKind, row }
}

function keepNewer(changes: Map<string, Held>, held: Held): void {
  const key = `${held.kind}:${held.row.id}`
  const before = changes.get(key)
  if (!before || held.row.changed > before.row.changed) changes.set(key, held)
}
