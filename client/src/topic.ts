import type { Change, Snapshot } from '@belfry/protocol/down.ts'
import type { RowKind, RowOf } from '@belfry/protocol/rows.ts'
import type { Gathered, RowsFrame, WireRows } from './parts.ts'
import { gather } from './parts.ts'
import type { WindowKey, WindowName, Windows } from './windows.ts'
import { isBelowAll, isInside } from './windows.ts'

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

/** A page that was asked for; changes that come meanwhile are kept for it. */
export interface AwaitedPage {
  /** Null: rows by id, which no window bounds. */
  readonly window: WindowName | null
  readonly before: WindowKey | null | undefined
  readonly asked: TopicPosition
  readonly changes: Map<string, Held>
}

export interface PageAnswer {
  epoch: string
  seq: number
  rows: WireRows
  /** The oldest key down to which the list is complete with this page; null: it is whole. */
  reaches: WindowKey | null
}

/** One topic as this client holds it: its position and its rows. */
export class Topic {
  #rows = new Map<RowKind, Map<string, AnyRow>>()
  #windows: Windows = {}
  #position: TopicPosition | null = null
  /** The seq of the last snapshot. */
  #base = 0
  #gathered: Gathered | null = null
  #awaited = new Set<AwaitedPage>()

  get position(): TopicPosition | null {
    return this.#position
  }

  get windows(): Readonly<Windows> {
    return this.#windows
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
  awaitPage(window: WindowName | null): AwaitedPage | null {
    if (!this.#position) return null
    const page = { window, before: window && this.#windows[window], asked: this.#position, changes: new Map() }
    this.#awaited.add(page)
    return page
  }

  /** False: the answer is of another epoch, too old, or for a window that has moved; ask again [F6]. */
  takePage(page: AwaitedPage, answer: PageAnswer): boolean {
    if (!this.#awaited.delete(page) || !this.#fits(page, answer)) return false
    if (page.window) this.#windows = { ...this.#windows, [page.window]: answer.reaches }
    for (const held of each(answer.rows)) this.#merge(held)
    for (const held of page.changes.values()) this.#merge(held)
    return true
  }

  dropPage(page: AwaitedPage): void {
    this.#awaited.delete(page)
  }

  /** Raises the window over all but the newest standing messages. From then on it is as if a snapshot had brought what is left. */
  letGoOfEarlier(keep: number): boolean {
    const held = [...this.rows('message').values()]
    const standing = held.filter(({ deletedAt }) => deletedAt === null).map(({ n }) => n)
    const oldest = standing.toSorted((a, b) => b - a)[keep - 1]
    if (!this.#position || oldest === undefined || standing.length === keep || !isInside(this.#windows, 'messages', oldest)) return false
    this.#base = this.#position.seq
    this.#windows = { ...this.#windows, messages: oldest }
    for (const { id, n } of held) if (n < oldest) this.#rows.get('message')?.delete(id)
    return true
  }

  /** The connection is gone: parts that are still missing will not come. */
  interrupt(): void {
    this.#gathered = null
  }

  /** Gives up all that is held. */
  clear(): void {
    this.#rows.clear()
    this.#windows = {}
    this.#position = null
    this.#gathered = null
    this.#awaited.clear()
  }

  #replace(frame: Snapshot): Taken {
    this.#rows.clear()
    this.#windows = frame.windows
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
    if (!this.#has(held) && isBelowAll(this.#windows, held.kind, held.row)) return
    const rows = this.#rows.get(held.kind) ?? new Map<string, AnyRow>()
    this.#rows.set(held.kind, rows)
    const current = rows.get(held.row.id)
    if (!current || held.row.changed > current.changed) rows.set(held.row.id, held.row)
  }

  #has({ kind, row }: Held): boolean {
    return this.#rows.get(kind)?.has(row.id) ?? false
  }

  #fits(page: AwaitedPage, answer: PageAnswer): boolean {
    if (!this.#position || answer.epoch !== this.#position.epoch || page.asked.epoch !== answer.epoch) return false
    if (page.window && page.before !== this.#windows[page.window]) return false
    return answer.seq >= this.#base && answer.seq >= page.asked.seq
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
