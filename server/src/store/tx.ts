import type { RowKind, RowOf, Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { addToChange, type Announcement } from '#bus/announcement.ts'
import { storeRows } from './rows.ts'
import type { Tables } from './schema.ts'
import { nextSeqs } from './topics.ts'

/** One write's view of its transaction. What it changes through {@link Tx.change} is announced after the commit [W1]. */
export class Tx {
  readonly db: Kysely<Tables>
  /** When the batch began, epoch milliseconds: a row's times come from here. */
  readonly now: number
  readonly epoch: string
  readonly #changes = new Map<Topic, Announcement>()

  constructor(db: Kysely<Tables>, from: { now: number; epoch: string }) {
    this.db = db
    this.now = from.now
    this.epoch = from.epoch
  }

  /**
   * Waits for whoever is changing these topics; afterwards nobody else does until the commit. A write's first statement [W7].
   * SQLite has one writer, whose BEGIN IMMEDIATE is already that lock; PostgreSQL will lock the counters here, sorted.
   */
  async lock(..._topics: Topic[]): Promise<void> {}

  /** The seq at which this write changes the topic: taken once, whatever the number of rows. Counted on the topic's own row: seq order is commit order. */
  async seqOf(topic: Topic): Promise<number> {
    const held = this.#changes.get(topic)
    if (held) return held.seq
    const { seq } = await nextSeqs(this.db, topic, { seqs: 1, posted: 0 })
    this.#changes.set(topic, { epoch: this.epoch, topic, prev: seq - 1, seq, rows: {} })
    return seq
  }

  /** Stores the new state of a row of this topic, stamped with the topic's seq, and has it announced. `extra`: columns that are not on the wire. */
  async change<K extends RowKind>(
    topic: Topic,
    to: { kind: K; row: Omit<RowOf<K>, 'changed'>; extra?: Record<string, unknown> },
  ): Promise<RowOf<K>> {
    const [row] = await this.changeAll(topic, { kind: to.kind, rows: [to.row], ...(to.extra && { extra: to.extra }) })
    return row!
  }

  /** {@link Tx.change} for many rows of one kind, at one seq. */
  async changeAll<K extends RowKind>(
    topic: Topic,
    to: { kind: K; rows: Omit<RowOf<K>, 'changed'>[]; extra?: Record<string, unknown> },
  ): Promise<RowOf<K>[]> {
    const changed = await this.seqOf(topic)
    const rows = to.rows.map((row) => ({ ...row, changed }) as unknown as RowOf<K>)
    await storeRows(this.db, { ...to, rows })
    addToChange(this.#changes.get(topic)!, { [to.kind]: rows })
    return rows
  }

  /** For batch forms, which number and store rows by themselves: the rows' `changed` lie in (prev, seq]. */
  announce(topic: Topic, change: { prev: number; seq: number; rows: Rows }): void {
    const held = this.#changes.get(topic)
    if (!held) return void this.#changes.set(topic, { epoch: this.epoch, topic, ...change })
    held.seq = change.seq
    addToChange(held, change.rows)
  }

  /** What is to be announced after the commit: one change a topic. */
  changes(): Announcement[] {
    return [...this.#changes.values()]
  }
}
