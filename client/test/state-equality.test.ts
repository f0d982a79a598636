import type { Message } from '@belfry/protocol/rows.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RowsFrame } from '#parts.ts'
import type { AwaitedPage, PageAnswer, PageOf } from '#topic.ts'
import { copyOf } from '#topic-copy.ts'
import { Topic } from '#topic.ts'
import { change, message, snapshot } from './fake-world.ts'

const ROOM = 'room:general'
const TAIL = 4
const PAGE = 3

/** A room as a database keeps it: every state of every message. */
class Database {
  epoch = 1
  seq = 0
  #states: Message[] = []

  post(): void {
    const n = new Set(this.#states.map((state) => state.n)).size + 1
    this.#states.push(message(n, { changed: ++this.seq, body: `e${this.epoch} ${this.seq}` }))
  }

  touch(pick: number, isDeletion: boolean): void {
    const rows = this.at(this.seq)
    const row = rows[pick % Math.max(1, rows.length)]
    if (!row || row.deletedAt !== null) return
    const changed = ++this.seq
    this.#states.push({ ...row, changed, ...(isDeletion ? { body: '', deletedAt: changed } : { body: `e${this.epoch} ${changed}` }) })
  }

  /** A backup is restored: the end of the history is gone, the epoch a new one. */
  restore(seq: number): void {
    this.seq = Math.max(0, seq)
    this.#states = this.#states.filter(({ changed }) => changed <= this.seq)
    this.epoch++
  }

  at(seq: number): Message[] {
    const newest = new Map<number, Message>()
    for (const state of this.#states) if (state.changed <= seq) newest.set(state.n, state)
    return [...newest.values()].toSorted((a, b) => a.n - b.n)
  }

  has(row: Message): boolean {
    return this.#states.some((state) => JSON.stringify(state) === JSON.stringify(row))
  }

  /** As `message.list` answers. `pick`: around which message. */
  pageAt(seq: number, of: PageOf, pick: number): PageAnswer {
    const rows = this.at(seq)
    const page = (from: number, to: number) => ({
      epoch: `e${this.epoch}`,
      seq,
      rows: { message: rows.slice(from, to) },
      span: { from: from === 0 ? 1 : rows[from]!.n, to: to < rows.length ? rows[to - 1]!.n : Infinity },
    })
    if (of.is === 'earlier') {
      const end = rows.filter(({ n }) => n < of.than).length
      return page(Math.max(0, end - PAGE), end)
    }
    const start = of.is === 'later' ? rows.filter(({ n }) => n <= of.than).length : pick % Math.max(1, rows.length)
    return page(start, Math.min(rows.length, start + PAGE))
  }
}

/** One follower of the room, over a network that loses, repeats and delays. */
class Follower {
  topic = new Topic()
  readonly #db: Database
  #told: number | null = null
  #pages: { page: AwaitedPage; answer: PageAnswer }[] = []
  #replies: { epoch: string; row: Message }[] = []

  constructor(db: Database) {
    this.#db = db
  }

  /** Follows (again) from its position; from the start where that is of another epoch. */
  follows(): void {
    const position = this.topic.position
    if (position?.epoch !== `e${this.#db.epoch}` || position.seq > this.#db.seq) return this.startsAnew({ parts: 1 })
    this.#told = position.seq
    this.hears({ overlap: 0, parts: 1 })
  }

  startsAnew({ parts }: { parts: number }): void {
    const rows = this.#db.at(this.#db.seq)
    const tail = rows.slice(-TAIL)
    const windows = { messages: tail.length < rows.length ? tail[0]!.n : null }
    this.#told = this.#db.seq
    const epoch = `e${this.#db.epoch}`
    this.#takes(
      split(tail, parts).map((message, at) => snapshot(ROOM, this.#db.seq, { epoch, windows, rows: { message }, part: [at, parts] })),
    )
  }

  hears({ overlap, parts, broken = false }: { overlap: number; parts: number; broken?: boolean }): void {
    if (this.#told === null || this.#told >= this.#db.seq) return
    const prev = Math.max(0, this.#told - overlap)
    const rows = this.#db.at(this.#db.seq).filter(({ changed }) => changed > prev)
    this.#told = this.#db.seq
    const frames = split(rows, parts).map((message, at): RowsFrame => ({
      ...change(ROOM, [prev, this.#db.seq], { message }),
      part: [at, parts],
    }))
    this.#takes(broken ? frames.slice(0, -1) : frames)
    if (broken) this.breaksOff()
  }

  /** The node told others, but this one did not hear of it. */
  misses(): void {
    if (this.#told !== null) this.#told = this.#db.seq
  }

  breaksOff(): void {
    this.topic.interrupt()
    this.follows()
  }

  /** The page is loaded anew: what was kept of the room is put back. */
  reloads(): void {
    const copy = copyOf(ROOM, this.topic, { openedAt: 0, authors: new Set() })
    this.topic = new Topic()
    this.#pages = []
    this.#replies = []
    if (copy) this.topic.take({ t: 'snapshot', ...copy })
    this.follows()
  }

  asksForPage(side: 'earlier' | 'later' | 'elsewhere', { staleness, pick }: { staleness: number; pick: number }): void {
    const shown = this.topic.shown
    const isAtEnd = side === 'earlier' ? shown?.from === 1 : side === 'later' && shown?.to === Infinity
    if (!shown || isAtEnd) return
    const of: PageOf = side === 'elsewhere' ? { is: side } : { is: side, than: side === 'earlier' ? shown.from : shown.to }
    const page = this.topic.awaitPage(of)
    if (page) this.#pages.push({ page, answer: this.#db.pageAt(Math.max(0, this.#db.seq - staleness), of, pick) })
  }

  getsPage(): void {
    const next = this.#pages.shift()
    if (next) this.topic.takePage(next.page, next.answer)
  }

  letsGo(near: number | null, keep: number): void {
    this.topic.letGo({ near, shown: keep + 1, latest: 2 })
  }

  showsLatest(): void {
    this.topic.showLatest()
  }

  isAnswered(pick: number): void {
    const rows = this.#db.at(this.#db.seq)
    if (rows.length > 0) this.#replies.push({ epoch: `e${this.#db.epoch}`, row: rows[pick % rows.length]! })
  }

  getsReply(): void {
    const next = this.#replies.shift()
    if (next) this.topic.besides(next.epoch, { message: [next.row] })
  }

  #takes(frames: RowsFrame[]): void {
    const taken = frames.map((frame) => this.topic.take(frame))
    if (taken.some(({ is }) => is === 'gap')) this.follows()
  }
}

function split<T>(items: T[], parts: number): T[][] {
  return Array.from({ length: parts }, (_, at) => items.filter((_item, index) => index % parts === at))
}

function expectTrue(topic: Topic, db: Database): void {
  const { position, latest, shown } = topic
  if (position?.epoch !== `e${db.epoch}` || !shown) return
  const held = topic.rows('message')
  const isClaimed = ({ n }: Message) => n >= latest || (n >= shown.from && n <= shown.to)
  for (const row of db.at(position.seq).filter(isClaimed)) {
    expect(held.get(row.id)?.changed ?? 0, `message ${row.n} at ${position.seq}`).toBeGreaterThanOrEqual(row.changed)
  }
  const outside = [...held.values()].filter((row) => !isClaimed(row))
  expect(outside, 'outside of what is claimed').toEqual([])
  for (const row of held.values()) expect(db.has(row), `message ${row.n} is no state that the database ever had`).toBe(true)
}

function expectEqual(topic: Topic, db: Database): void {
  const now = new Map(db.at(db.seq).map((row) => [row.id, row]))
  for (const row of topic.rows('message').values()) expect(row).toEqual(now.get(row.id))
  expectTrue(topic, db)
}

type Step = (db: Database, follower: Follower) => void

const few = fc.nat(3)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>((db) => db.post()) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(20), fc.boolean()).map(
      ([pick, isDeletion]): Step =>
        (db) =>
          db.touch(pick, isDeletion),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(few, few).map(
      ([overlap, parts]): Step =>
        (_, follower) =>
          follower.hears({ overlap, parts: parts + 1 }),
    ),
  },
  {
    weight: 1,
    arbitrary: few.map(
      (parts): Step =>
        (_, follower) =>
          follower.hears({ overlap: 0, parts: parts + 1, broken: true }),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((_, follower) => follower.misses()) },
  { weight: 1, arbitrary: fc.constant<Step>((_, follower) => follower.breaksOff()) },
  { weight: 1, arbitrary: fc.constant<Step>((_, follower) => follower.reloads()) },
  {
    weight: 1,
    arbitrary: few.map(
      (parts): Step =>
        (_, follower) =>
          follower.startsAnew({ parts: parts + 1 }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('earlier' as const, 'later' as const, 'elsewhere' as const), few, fc.nat(40)).map(
      ([side, staleness, pick]): Step =>
        (_, follower) =>
          follower.asksForPage(side, { staleness, pick }),
    ),
  },
  { weight: 6, arbitrary: fc.constant<Step>((_, follower) => follower.getsPage()) },
  { weight: 1, arbitrary: fc.constant<Step>((_, follower) => follower.showsLatest()) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.option(fc.nat(40)), fc.nat(8)).map(
      ([near, keep]): Step =>
        (_, follower) =>
          follower.letsGo(near, keep),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(20).map(
      (pick): Step =>
        (_, follower) =>
          follower.isAnswered(pick),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>((_, follower) => follower.getsReply()) },
  {
    weight: 1,
    arbitrary: fc.nat(20).map((back): Step => (db, follower) => {
      db.restore(db.seq - back)
      follower.follows()
    }),
  },
)

test('[F5] whatever the network does, rows inside the newest and the range equal the database at the position, or are newer; none are outside', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
      const db = new Database()
      for (let n = 0; n < 16; n++) db.post()
      const follower = new Follower(db)
      follower.follows()
      for (const act of steps) {
        act(db, follower)
        expectTrue(follower.topic, db)
      }
      follower.follows()
      expectEqual(follower.topic, db)
    }),
    { numRuns: 600, seed: 20_260_101 },
  )
})
