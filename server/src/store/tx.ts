import type { RowKind, RowOf, Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Kysely, SelectQueryBuilder } from 'kysely'
import { addToChange, type Announcement } from '#bus/announcement.ts'
import { chunks } from '#lib/chunks.ts'
import { storeRows } from './rows.ts'
import type { Tables } from './schema.ts'
import { nextSeqs } from './topics.ts'

type Unstamped<K extends RowKind> = Omit<RowOf<K>, 'changed'>
type Extra = Record<string, unknown>

/** Work for later: `kind` says what does it, `dueAt` when at the earliest. */
export interface Promised {
  kind: string
  input: unknown
  dueAt: number
}

const JOBS_A_STATEMENT = 1_000

/** A query whose rows can be locked. */
type Lockable = SelectQueryBuilder<never, never, unknown>

/** How writers keep out of each other's way, where there are several. */
export interface Locks {
  lock(db: Kysely<Tables>, topics: Topic[]): Promise<void>
  unclaimed<Query extends Lockable>(query: Query): Query
}

/** One write's view of its transaction. What it changes through {@link Tx.change} is announced after the commit [W1]. */
export class Tx {
  readonly db: Kysely<Tables>
  /** When the batch began, epoch milliseconds: a row's times come from here. */
  readonly now: number
  readonly epoch: string
  readonly #changes = new Map<Topic, Announcement>()
  readonly #promised: Promised[] = []

  readonly #locks: Locks | undefined

  /** `locks`: of a database that has several writers at a time. SQLite has one, whose BEGIN IMMEDIATE is already every lock. */
  constructor(db: Kysely<Tables>, from: { now: number; epoch: string; locks?: Locks }) {
    this.db = db
    this.now = from.now
    this.epoch = from.epoch
    this.#locks = from.locks
  }

  /** Waits for whoever is changing these topics; afterwards nobody else does until the commit. A write's first statement [W7]. */
  async lock(...topics: Topic[]): Promise<void> {
    await this.#locks?.lock(this.db, topics)
  }

  /** Of rows that several might take at once, those that nobody is taking: they are this transaction's until its end. */
  unclaimed<Query extends Lockable>(query: Query): Query {
    return this.#locks ? this.#locks.unclaimed(query) : query
  }

  /** The seq at which this write changes a topic: taken once, whatever the number of rows. Counted on the topic's own row: seq order is commit order. */
  async seqOf(topic: Topic): Promise<number> {
    return (await this.seqsOf([topic])).get(topic)!
  }

  async seqsOf(topics: Topic[]): Promise<Map<Topic, number>> {
    await this.#takeSeqs(topics)
    return new Map(topics.map((topic) => [topic, this.#changes.get(topic)!.seq]))
  }

  /** Stores the new state of a row, stamped with its topic's seq, and has it announced. `extra`: columns that are not on the wire. */
  async change<K extends RowKind>(topic: Topic, to: { kind: K; row: Unstamped<K>; extra?: Extra }): Promise<RowOf<K>> {
    const [row] = await this.changeEach(to.kind, [{ topic, ...to }])
    return row!
  }

  /** {@link Tx.change} for many rows of one kind, of one topic or of many: a statement or two, whatever their number. */
  async changeEach<K extends RowKind>(kind: K, changes: { topic: Topic; row: Unstamped<K>; extra?: Extra }[]): Promise<RowOf<K>[]> {
    await this.#takeSeqs(changes.map(({ topic }) => topic))
    const stamped = changes.map(({ topic, row }) => ({ ...row, changed: this.#changes.get(topic)!.seq }) as unknown as RowOf<K>)
    await storeRows(
      this.db,
      kind,
      stamped.map((row, at) => ({ ...row, ...changes[at]!.extra })),
    )
    const byTopic = Map.groupBy(stamped.entries(), ([at]) => changes[at]!.topic)
    for (const [topic, ofTopic] of byTopic) addToChange(this.#changes.get(topic)!, { [kind]: ofTopic.map(([, row]) => row) })
    return stamped
  }

  /** For batch forms, which number and store rows by themselves: the rows' `changed` lie in (prev, seq]. */
  announce(topic: Topic, change: { prev: number; seq: number; rows: Rows }): void {
    const held = this.#changes.get(topic)
    if (!held) return void this.#changes.set(topic, { epoch: this.epoch, topic, ...change })
    held.seq = change.seq
    addToChange(held, change.rows)
  }

  /** Promises work that is done once this is committed, at least once, by a job [W5]. */
  promise(work: Promised): void {
    this.#promised.push(work)
  }

  /** Stores what was promised: the last that a write does. */
  async keepPromises(): Promise<void> {
    const jobs = this.#promised.splice(0).map(({ kind, input, dueAt }) => ({ id: uuidv7(), kind, input: JSON.stringify(input), dueAt }))
    for (const some of chunks(jobs, JOBS_A_STATEMENT)) {
      const rows = some.map((job) => ({ ...job, tries: 0, claimedUntil: null, failedAt: null }))
      await this.db.insertInto('jobs').values(rows).execute()
    }
  }

  /** What is to be announced after the commit: one change a topic. */
  changes(): Announcement[] {
    return [...this.#changes.values()]
  }

  async #takeSeqs(topics: Topic[]): Promise<void> {
    const untaken = [...new Set(topics)].filter((topic) => !this.#changes.has(topic))
    if (untaken.length === 0) return
    const takes = untaken.map((topic) => ({ topic, seqs: 1, posted: 0 }))
    for (const [topic, { seq }] of await nextSeqs(this.db, takes))
      this.#changes.set(topic, { epoch: this.epoch, topic, prev: seq - 1, seq, rows: {} })
  }
}
