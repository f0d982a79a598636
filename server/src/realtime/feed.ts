import type { Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { Announcement } from '#bus/announcement.ts'
import { barrierOf, isSameSight, isToLookUp, rowsAfter, type Seen, type Sight, type TopicSnapshot } from '#topics.ts'
import { Audience, type Listening } from './audience.ts'
import { isTooMuch, type Missed, readAnew, readUntold, sightsOfAll, viewsOf, type TopicPosition } from './catch-up.ts'
import type { Connection } from './connection.ts'
import { Digest } from './digest.ts'
import type { FeedWorld } from './feed-world.ts'
import { eachOnce, type Frame } from './frames.ts'
import { type Newcomer, Newcomers } from './newcomers.ts'
import { TopicFrames } from './topic-frames.ts'
import { NewWatchers } from './new-watchers.ts'
import { Turns } from './turns.ts'

/** Beyond these a hint is dropped, as the bus may lose one: the next, or the sweep, shows the hole [P4]. */
const HINTS_WAITING_MAX = 1_000

type Change = { seq: number; rows: Rows }

/** One topic on one node: its followers, and how far they were told. Whatever it does is done in turns, one after the other. */
export class Feed {
  readonly topic: Topic
  readonly #world: FeedWorld
  readonly #audience = new Audience()
  /** Null while nothing was to be told in short. */
  #digest: Digest | null = null
  readonly #frames: TopicFrames
  readonly #turns: Turns
  readonly #newcomers = new Newcomers()
  /** Null until somebody wants to watch: most topics are of one person, and nobody does. */
  #newWatchers: NewWatchers | null = null
  #isToLookUp = false
  #told: number | null = null

  constructor(topic: Topic, world: FeedWorld) {
    this.topic = topic
    this.#world = world
    this.#frames = new TopicFrames(topic, world.store.epoch)
    // Nobody was told anything wrong by a turn that failed: the next sweep reads again what it did not tell.
    this.#turns = new Turns({ failure: world.onFailure, idle: () => this.#closeWhenEmpty() })
  }

  /** Null until somebody follows or watches. */
  get told(): number | null {
    return this.#told
  }

  /** Somebody begins to follow, from a position or from the start. Resolves when they were told everything up to now, or refused [F2]. */
  join(connection: Connection, position: TopicPosition | null): Promise<boolean> {
    const begun = this.#newcomers.add(connection, position)
    this.#turns.take(() => this.#joinWaiting())
    return begun
  }

  leave(connection: Connection): void {
    this.#audience.stopFollowing(connection)
    this.#closeWhenEmpty()
  }

  /** Somebody begins to watch who might follow, as of this seq; null: that is to be found out. */
  watch(connection: Connection, seen: Seen | null): void {
    connection.watched.add(this.topic)
    const waiting = (this.#newWatchers ??= this.#openForWatchers())
    if (waiting.add(connection, seen) === 'first') this.#turns.take(() => waiting.letIn())
  }

  unwatch(connection: Connection): void {
    this.#audience.watchers.delete(connection)
    connection.watched.delete(this.topic)
    this.#closeWhenEmpty()
  }

  /** Tells those who watch what has happened since they were last told. */
  tellWatchers(): void {
    this.#turns.take(() => {
      const bump = this.#digest?.take()
      if (bump) this.#audience.tellWatchers(bump)
    })
  }

  /** Something fleeting for all who follow, but for the devices of whom it comes from. In its turn: who was to be refused before it is. */
  passOn(frame: Frame, from: string): void {
    if (this.#turns.length >= HINTS_WAITING_MAX) return
    this.#turns.take(() => {
      for (const connection of this.#audience.followers.keys())
        if (connection.follower.userId !== from && connection.takesSignals) connection.sendEncoded(frame)
    })
  }

  /** A hint that the topic changed: told when it is the next, looked up when something before it is missing, ignored when it is old. */
  hear(announcement: Announcement): void {
    if (this.#turns.length >= HINTS_WAITING_MAX) return
    this.#turns.take(() => {
      if (this.#told === null || announcement.seq <= this.#told) return
      if (announcement.prev > this.#told) return this.#lookUp()
      return isTooMuch(announcement.rows) ? this.#startOver() : this.#tell(announcement)
    })
  }

  /** Compares with the database: something may have been lost [F4]. One look that waits finds all that is lost before it. */
  sweep(): void {
    if (this.#isToLookUp) return
    this.#isToLookUp = true
    this.#turns.take(() => {
      this.#isToLookUp = false
      return this.#lookUp()
    })
  }

  async #lookUp(): Promise<void> {
    const told = this.#told
    if (told === null || this.#audience.isEmpty) return
    const { seq, rows } = await this.#world.store.read((db) => readUntold(db, this.topic, told))
    if (seq <= told) return
    if (rows) await this.#tell({ seq, rows })
    else await this.#startOver()
  }

  /** Too much was missed to tell it row by row: everybody gets a snapshot, but those who may not follow any more [F3] [A2]. */
  async #startOver(): Promise<void> {
    const { followers, watchers } = this.#audience
    const { seq, views } = await this.#world.store.read((db) => readAnew(db, this.topic, [...this.#audience.all()]))
    for (const [connection, view] of views) {
      if (!view) this.#refuse(connection)
      for (const listening of [followers.get(connection), watchers.get(connection)]) if (listening && view) listening.sight = view.sight
    }
    const encoded = eachOnce((snapshot: TopicSnapshot) => this.#frames.snapshot(seq, snapshot))
    this.#send((connection) => encoded(views.get(connection)!.snapshot))
    this.#noted((digest) => digest.lose({ prev: this.#told!, seq }))
    this.#told = seq
  }

  /** Tells the rows to all who follow; who may not any more is refused instead [A2]. */
  #tell(change: Change): void | Promise<void> {
    const barrier = barrierOf(this.topic, change.rows)
    const concerned = barrier ? this.#audience.hereBefore(change.seq, barrier) : []
    const looking = [...this.#audience.followers].filter(([, { sight }]) => isToLookUp(change.rows, sight))
    if (concerned.length + looking.length === 0) return this.#sendChange(change, null)
    return this.#world.store
      .read(async (db) => {
        const sights = await sightsOfAll(db, this.topic, concerned)
        return { sights, views: await viewsOf(db, change.rows, looking) }
      })
      .then(({ sights, views }) => {
        for (const [connection, sight] of sights) this.#sees(connection, sight)
        this.#sendChange(change, views)
      })
  }

  /** What somebody may see was asked for again. Who sees something else now gets a snapshot of that, in place of what they hold. */
  #sees(connection: Connection, sight: Sight | null): void {
    if (!sight) return this.#refuse(connection)
    const [following, watching] = [this.#audience.followers.get(connection), this.#audience.watchers.get(connection)]
    if (watching) watching.sight = sight
    if (!following || isSameSight(following.sight, sight)) return
    this.#audience.stopFollowing(connection)
    this.join(connection, null).catch((error: unknown) => this.#world.fail(connection, error))
  }

  /** Whoever only watched has nothing to delete, and hears nothing of it. */
  #refuse(connection: Connection): void {
    const hasFollowed = this.#audience.followers.has(connection)
    this.#drop(connection)
    if (hasFollowed) this.#world.refuse(connection, this.topic)
  }

  #drop(connection: Connection): void {
    this.#audience.stopFollowing(connection)
    this.#audience.watchers.delete(connection)
    connection.watched.delete(this.topic)
  }

  /** `views`: what those see of it for whom that had to be looked up; null: for nobody. */
  #sendChange({ seq, rows }: Change, views: Map<Connection, Rows> | null): void {
    const change = { prev: this.#told!, seq, rows }
    const encoded = eachOnce((seenRows: Rows) => this.#frames.change({ ...change, rows: seenRows }))
    this.#send((connection, { after }) => encoded(views?.get(connection) ?? rowsAfter(rows, after)))
    this.#noted((digest) => digest.add(change))
    this.#told = seq
    this.#world.onTold(this.#audience.followers.keys(), rows)
  }

  #noted(note: (digest: Digest) => void): void {
    if (this.#audience.watchers.size === 0) return
    note((this.#digest ??= new Digest(this.topic)))
    this.#world.onDigest(this)
  }

  #send(framesFor: (connection: Connection, sight: Sight) => Frame[]): void {
    const { followers, behind } = this.#audience
    for (const [connection, { sight }] of followers) {
      if (behind.size > 0 && behind.has(connection)) continue
      if (connection.isSlow) this.#leaveBehind(connection)
      else for (const frame of framesFor(connection, sight)) connection.sendEncoded(frame, 'news')
    }
  }

  /** It reads too slowly: nothing more is kept for it. It joins again, from here, when it has drained [P3]. */
  #leaveBehind(connection: Connection): void {
    const { store, clock } = this.#world
    this.#audience.behind.add(connection)
    connection.fallBehind(this.topic, { position: { epoch: store.epoch, seq: this.#told! }, now: clock.now() })
  }

  /** All that wait, in the turn of the first. */
  #joinWaiting(): void | Promise<void> {
    const newcomers = this.#newcomers.take((connection) => this.#isWanted(connection))
    if (newcomers.length === 0) return
    return this.#join(newcomers).catch((error: unknown) => newcomers.forEach(({ reject }) => reject(error)))
  }

  async #join(newcomers: Newcomer[]): Promise<void> {
    const asked = newcomers.map(({ connection: { follower }, position }) => ({ follower, position }))
    const { seq, own, untold } = await this.#world.readJoining({ topic: this.topic, told: this.#told, newcomers: asked })
    if ((await this.#bringAlong(seq, untold)) === 'further') return this.#join(newcomers)
    const framesOf = eachOnce((missed: Missed) => this.#frames.missed(seq, missed))
    for (const [at, { connection, resolve }] of newcomers.entries()) {
      const found = own[at]!
      resolve(this.#isWanted(connection) && this.#begins(connection, found && { since: seq, ...found, frames: framesOf(found.missed) }))
    }
  }

  /** Null: they may not follow. */
  #begins(connection: Connection, found: (Listening & { frames: Frame[] }) | null): boolean {
    if (!found) {
      this.#drop(connection)
      this.#world.refuse(connection, this.topic)
      return false
    }
    this.#audience.follows(connection, found)
    for (const frame of found.frames) connection.sendEncoded(frame)
    return true
  }

  #openForWatchers(): NewWatchers {
    return new NewWatchers(this.#world, {
      topic: this.topic,
      audience: this.#audience,
      told: () => this.#told,
      watches: (connection, seq, sight) => this.#watches(connection, seq, sight),
    })
  }

  #watches(connection: Connection, seq: number, sight: Sight | null): void {
    // Its person may have left the room again while this waited.
    if (!connection.isOpen || !connection.watched.has(this.topic)) return
    if (!sight) return this.#drop(connection)
    if (this.#told === null || this.#audience.isEmpty) this.#told = seq
    this.#audience.watchers.set(connection, { since: seq, sight })
    // From where on it will be told: what it has read before may be older.
    connection.send({ t: 'bump', topic: this.topic, prev: seq, seq, messages: [], rows: {} })
  }

  /** It may have gone away, or changed its mind, while something was awaited. */
  #isWanted(connection: Connection): boolean {
    return connection.isOpen && connection.topics.has(this.topic)
  }

  /**
   * The followers are told what the newcomer's snapshot already holds, so that everybody goes on from the same seq. Where that was too
   * much they are brought further than that: the newcomer looks again.
   */
  async #bringAlong(seq: number, untold: Rows | null): Promise<'along' | 'further'> {
    if (this.#told === null || this.#audience.isEmpty) this.#told = seq
    if (seq <= this.#told) return 'along'
    if (untold) await this.#tell({ seq, rows: untold })
    else await this.#startOver()
    return untold ? 'along' : 'further'
  }

  #closeWhenEmpty(): void {
    if (this.#turns.isIdle && this.#audience.isEmpty) this.#world.onEmpty(this)
  }
}
