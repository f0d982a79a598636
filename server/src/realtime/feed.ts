import type { Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { Clock } from '#lib/clock.ts'
import type { Announcement } from '#bus/announcement.ts'
import type { Store } from '#store/store.ts'
import { barrierOf, mayFollow } from '#topics.ts'
import { type JoinView, type Missed, readForJoin, readUntold, type TopicPosition } from './catch-up.ts'
import type { Connection } from './connection.ts'
import { encodeRows } from './frames.ts'

/** What a feed needs of its node. */
export interface FeedWorld {
  store: Pick<Store, 'read' | 'epoch'>
  clock: Clock
  /** A follower who may not follow any more, or never might. */
  refuse(connection: Connection, topic: Topic): void
  /** Nobody follows it any more, and nothing waits. */
  onEmpty(feed: Feed): void
  onFailure(failure: unknown): void
}

/** Beyond these a hint is dropped, as the bus may lose one: the next, or the sweep, shows the hole [P4]. */
const TURNS_WAITING_MAX = 1_000

type Change = { seq: number; rows: Rows }
type Turn = () => void | Promise<void>

/** One topic on one node: its followers, and how far they were told. Whatever it does is done in turns, one after the other. */
export class Feed {
  readonly topic: Topic
  readonly #world: FeedWorld
  /** Who follows, and since which seq: what ended before is no news to them. */
  readonly #followers = new Map<Connection, number>()
  readonly #turns: Turn[] = []
  #busy = false
  #told: number | null = null

  constructor(topic: Topic, world: FeedWorld) {
    this.topic = topic
    this.#world = world
  }

  /** Null until the first follower has joined. */
  get told(): number | null {
    return this.#told
  }

  get size(): number {
    return this.#followers.size
  }

  /** Somebody begins to follow, from a position or from the start. Resolves when they were told everything up to now, or refused [F2]. */
  join(connection: Connection, position: TopicPosition | null): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#turn(() => this.#join(connection, position).then(resolve, reject))
    })
  }

  leave(connection: Connection): void {
    this.#followers.delete(connection)
    this.#closeWhenEmpty()
  }

  /** A hint that the topic changed: told when it is the next, looked up when something before it is missing, ignored when it is old. */
  hear(announcement: Announcement): void {
    if (this.#turns.length >= TURNS_WAITING_MAX) return
    this.#turn(() => {
      if (this.#told === null || announcement.seq <= this.#told) return
      if (announcement.prev > this.#told) return this.#lookUp()
      return this.#tell(announcement)
    })
  }

  /** Compares with the database: something may have been lost [F4]. */
  sweep(): void {
    this.#turn(() => this.#lookUp())
  }

  /** Runs at once when nothing else does, so that an ordinary change costs no promise. */
  #turn(turn: Turn): void {
    this.#turns.push(turn)
    if (!this.#busy) this.#run()
  }

  #run(): void {
    let turn = this.#turns.shift()
    while (turn) {
      this.#busy = true
      const running = this.#begin(turn)
      if (running) return void running.catch((error: unknown) => this.#fail(error)).then(() => this.#next())
      turn = this.#turns.shift()
    }
    this.#busy = false
    this.#closeWhenEmpty()
  }

  /** A turn that fails must not hold up those after it. */
  #begin(turn: Turn): void | Promise<void> {
    try {
      return turn()
    } catch (error) {
      this.#fail(error)
    }
  }

  #next(): void {
    this.#busy = false
    this.#run()
  }

  /** Nobody was told anything wrong: the next sweep reads again what this turn did not tell. */
  #fail(error: unknown): void {
    this.#world.onFailure(error)
  }

  async #lookUp(): Promise<void> {
    const told = this.#told
    if (told === null || this.#followers.size === 0) return
    const { seq, rows } = await this.#world.store.read((db) => readUntold(db, this.topic, told))
    if (seq <= told) return
    if (rows) await this.#tell({ seq, rows })
    else this.#startOver(seq)
  }

  /** Too much was missed to tell it row by row: everybody joins again, and gets a snapshot [F3]. */
  #startOver(seq: number): void {
    const followers = [...this.#followers.keys()]
    const from = { epoch: this.#world.store.epoch, seq: this.#told! }
    this.#followers.clear()
    this.#told = seq
    for (const connection of followers) this.#joinAgain(connection, from)
  }

  /** Whoever could not join again would never hear of anything: it comes back with a new connection. */
  #joinAgain(connection: Connection, from: TopicPosition): void {
    this.join(connection, from).catch((error: unknown) => {
      this.#fail(error)
      connection.close('failed')
    })
  }

  /** Tells the rows to all who follow; who may not any more is refused instead [A2]. */
  #tell(change: Change): void | Promise<void> {
    const concerned = this.#concerned(change)
    if (concerned.length === 0) return this.#send(change)
    return this.#askAgain(concerned).then((refused) => {
      for (const connection of refused) this.#refuse(connection)
      this.#send(change)
    })
  }

  #concerned({ seq, rows }: Change): Connection[] {
    const barrier = barrierOf(this.topic, rows)
    if (!barrier) return []
    const isConcerned = (connection: Connection) => barrier === 'everybody' || barrier.has(connection.follower.userId)
    return [...this.#followers].filter(([connection, since]) => since < seq && isConcerned(connection)).map(([connection]) => connection)
  }

  #askAgain(concerned: Connection[]): Promise<Connection[]> {
    return this.#world.store.read(async (db) => {
      const refused: Connection[] = []
      for (const connection of concerned) if (!(await mayFollow(db, connection.follower, this.topic))) refused.push(connection)
      return refused
    })
  }

  #refuse(connection: Connection): void {
    this.#followers.delete(connection)
    this.#world.refuse(connection, this.topic)
  }

  #send({ seq, rows }: Change): void {
    const frames = encodeRows({ t: 'change', topic: this.topic, prev: this.#told!, seq, rows })
    for (const connection of this.#followers.keys()) {
      if (connection.isSlow) this.#leaveBehind(connection)
      else for (const frame of frames) connection.sendEncoded(frame)
    }
    this.#told = seq
  }

  /** It reads too slowly: nothing more is kept for it. It joins again, from here, when it has drained [P3]. */
  #leaveBehind(connection: Connection): void {
    this.#followers.delete(connection)
    connection.fallBehind(this.topic, { seq: this.#told!, now: this.#world.clock.now() })
  }

  async #join(connection: Connection, position: TopicPosition | null): Promise<boolean> {
    if (!this.#isWanted(connection)) return false
    const { epoch } = this.#world.store
    const join = { topic: this.topic, follower: connection.follower, position, epoch, told: this.#told }
    const view = await this.#world.store.read((db) => readForJoin(db, join))
    await this.#bringAlong(view)
    if (!this.#isWanted(connection)) return false
    if (!view.missed) {
      this.#refuse(connection)
      return false
    }
    this.#followers.set(connection, view.seq)
    this.#sendMissed(connection, { seq: view.seq, missed: view.missed })
    return true
  }

  /** It may have gone away, or changed its mind, while something was awaited. */
  #isWanted(connection: Connection): boolean {
    return connection.isOpen && connection.topics.has(this.topic)
  }

  /** The followers are told what the newcomer's snapshot already holds, so that everybody goes on from the same seq. */
  async #bringAlong({ seq, untold }: JoinView): Promise<void> {
    if (this.#told === null || this.#followers.size === 0) this.#told = seq
    if (seq <= this.#told) return
    if (untold) await this.#tell({ seq, rows: untold })
    else this.#startOver(seq)
  }

  #sendMissed(connection: Connection, { seq, missed }: { seq: number; missed: Missed }): void {
    const { topic } = this
    const { epoch } = this.#world.store
    if (missed.is === 'snapshot') {
      const { rows, windows } = missed.snapshot
      for (const frame of encodeRows({ t: 'snapshot', topic, epoch, seq, rows, windows })) connection.sendEncoded(frame)
    } else if (missed.prev < seq) {
      for (const frame of encodeRows({ t: 'change', topic, prev: missed.prev, seq, rows: missed.rows })) connection.sendEncoded(frame)
    }
    connection.send({ t: 'live', topic, epoch, seq })
  }

  #closeWhenEmpty(): void {
    if (!this.#busy && this.#turns.length === 0 && this.#followers.size === 0) this.#world.onEmpty(this)
  }
}
