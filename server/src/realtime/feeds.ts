import type { Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { Clock } from '#lib/clock.ts'
import { Together } from '#lib/together.ts'
import type { Announcement } from '#bus/announcement.ts'
import type { Bus } from '#bus/bus.ts'
import type { Store } from '#store/store.ts'
import { topicSeqs } from '#store/topics.ts'
import { type Joining, type JoinView, readForJoins, type TopicPosition } from './catch-up.ts'
import type { Connection } from './connection.ts'
import { type Follower, type Seen, watchedBy, watchNews } from '#topics.ts'
import { Feed } from './feed.ts'
import type { FeedWorld } from './feed-world.ts'
import { encode } from './frames.ts'

/** However quiet a topic is, its feed is compared with the database this often [F4]. */
const SWEEP_EVERY_MS = 5_000

/** The database is asked this often while the bus is silent, and whether it is. */
const LOOK_AT_BUS_EVERY_MS = 250

/** So many learn by one look what they watch. */
const WATCHERS_A_LOOK = 64
/** Fewer: the turn of each of these topics waits for the rows of all. */
const TOPICS_A_LOOK = 16

/** Who watches a topic is told of its changes this often at most. */
const BUMP_EVERY_MS = 1_000

interface FeedsNode {
  clock: Clock
  bus: Pick<Bus, 'isAlive' | 'lapses'>
  refuse: FeedWorld['refuse']
  fail: FeedWorld['fail']
  /** Its person has a place more, or one less. */
  onPlaces(connection: Connection): void
  /** What was told is not what the database says: it is another one, or an older one was put in its place [F8]. */
  onReplaced(by: 'another' | 'older'): void
  onFailure(failure: unknown): void
}

/** All feeds of this node: one for each topic that somebody here follows or watches. */
export class Feeds implements Disposable {
  readonly #feeds = new Map<Topic, Feed>()
  readonly #store: Store
  readonly #bus: FeedsNode['bus']
  readonly #world: FeedWorld
  readonly #timers: NodeJS.Timeout[]
  readonly #onPlaces: FeedsNode['onPlaces']
  readonly #onReplaced: FeedsNode['onReplaced']
  readonly #watching: Together<Follower, Map<Topic, Seen>>
  /** Those that have something to tell to their watchers. */
  readonly #digested = new Set<Feed>()
  /** Of those for whom the database is asked what they watch: what its answer may not know yet. */
  readonly #leftMeanwhile = new WeakMap<Connection, Set<Topic>>()
  /** Those of the bus that were made good. */
  #lapses = 0
  #sweeping = false
  #sweepAgain = false

  constructor(store: Store, node: FeedsNode) {
    this.#store = store
    this.#bus = node.bus
    this.#onPlaces = node.onPlaces
    this.#onReplaced = node.onReplaced
    this.#watching = new Together(WATCHERS_A_LOOK, (followers) => store.read((db) => watchedBy(db, followers)))
    const joining = new Together(TOPICS_A_LOOK, (some: Joining[]) =>
      store.read((db): Promise<JoinView[]> => readForJoins(db, store.epoch, some)),
    )
    this.#world = {
      clock: node.clock,
      readJoining: (one) => joining.ask(one),
      refuse: node.refuse,
      fail: node.fail,
      onFailure: node.onFailure,
      store,
      onEmpty: (feed) => this.#forget(feed),
      onTold: (told, rows) => this.#watchNews(told, rows),
      onDigest: (feed) => void this.#digested.add(feed),
    }
    this.#timers = [
      setInterval(() => void this.sweep(), SWEEP_EVERY_MS),
      setInterval(() => this.lookAtBus(), LOOK_AT_BUS_EVERY_MS),
      setInterval(() => this.tellWatchers(), BUMP_EVERY_MS),
    ]
  }

  get size(): number {
    return this.#feeds.size
  }

  /** Follows a topic that the connection has taken up. Answers whether it is followed now; false: refused, left again meanwhile, or gone. */
  async join(connection: Connection, topic: Topic, position: TopicPosition | null): Promise<boolean> {
    if (!connection.topics.has(topic)) return false
    connection.behind.delete(topic)
    return this.#feed(topic).join(connection, position)
  }

  leave(connection: Connection, topic: Topic): void {
    connection.topics.delete(topic)
    connection.behind.delete(topic)
    this.#feeds.get(topic)?.leave(connection)
  }

  leaveAll(connection: Connection): void {
    for (const topic of connection.topics) this.leave(connection, topic)
    for (const topic of [...connection.watched]) this.#feeds.get(topic)?.unwatch(connection)
  }

  /** Has it told in short of the rooms in which its person has a place. */
  async watchAll(connection: Connection): Promise<void> {
    const left = new Set<Topic>()
    this.#leftMeanwhile.set(connection, left)
    const watched = await this.#watching.ask(connection.follower)
    for (const [topic, seen] of watched) if (!left.has(topic)) this.#feed(topic).watch(connection, seen)
    this.#leftMeanwhile.delete(connection)
  }

  /** It has read what waited for it: of what happened meanwhile in topics that it watches it learns that something did. */
  bumpAgain(connection: Connection): void {
    for (const topic of connection.unbumped) {
      const seq = connection.watched.has(topic) ? this.#feeds.get(topic)?.told : null
      if (seq) connection.send({ t: 'bump', topic, prev: seq, seq, messages: null, rows: {} })
    }
    connection.unbumped.clear()
  }

  /** Tells all who watch what has happened since they were last told. */
  tellWatchers(): void {
    for (const feed of this.#digested) feed.tellWatchers()
    this.#digested.clear()
  }

  hear(announcement: Announcement): void {
    this.#feeds.get(announcement.topic)?.hear(announcement)
  }

  /** Tells those who follow a topic that somebody types there. */
  passOn({ topic, userId }: { topic: Topic; userId: string }): void {
    this.#feeds.get(topic)?.passOn(encode({ t: 'signal', name: 'typing', topic, userId }), userId)
  }

  /** Compares as long as the bus is silent, and once more when it is not any longer or has lost something [F4]. */
  lookAtBus(): void {
    const { isAlive, lapses } = this.#bus
    if (isAlive && lapses === this.#lapses) return
    this.#lapses = lapses
    void this.sweep()
  }

  /** Compares every feed with the database, and has those that are behind look [F4]. */
  async sweep(): Promise<void> {
    if (this.#feeds.size === 0) return
    // The one that runs may have read before what this one is to find.
    if (this.#sweeping) return void (this.#sweepAgain = true)
    this.#sweeping = true
    try {
      await this.#compare()
    } catch (error) {
      this.#world.onFailure(error)
    } finally {
      this.#sweeping = false
    }
    if (!this.#sweepAgain) return
    this.#sweepAgain = false
    await this.sweep()
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  async #compare(): Promise<void> {
    // As of now: what is told while the database is asked, it may not know yet.
    const told = new Map([...this.#feeds].map(([topic, feed]) => [topic, feed.told ?? 0]))
    const topics = [...told.keys()]
    const { epoch, seqs } = await this.#store.read(async (db) => ({
      epoch: await this.#store.epochNow(db),
      seqs: await topicSeqs(db, topics),
    }))
    if (epoch !== null && epoch !== this.#store.epoch) return this.#onReplaced('another')
    if (topics.some((topic) => told.get(topic)! > (seqs.get(topic) ?? 0))) return this.#onReplaced('older')
    for (const [topic, seq] of seqs) {
      const feed = this.#feeds.get(topic)
      if (feed && feed.told !== null && feed.told < seq) feed.sweep()
    }
  }

  #feed(topic: Topic): Feed {
    const held = this.#feeds.get(topic)
    if (held) return held
    const feed = new Feed(topic, this.#world)
    this.#feeds.set(topic, feed)
    return feed
  }

  /** A place was made or has ended: somebody's own topic says so. */
  #watchNews(told: Iterable<Connection>, rows: Rows): void {
    const news = watchNews(rows)
    if (news.length === 0) return
    for (const connection of told) {
      for (const { topic, isWatched } of news) {
        if (isWatched && (connection.watched.has(topic) || connection.only !== null)) continue
        if (isWatched) this.#feed(topic).watch(connection, null)
        else this.#unwatch(connection, topic)
        this.#onPlaces(connection)
      }
    }
  }

  #unwatch(connection: Connection, topic: Topic): void {
    this.#leftMeanwhile.get(connection)?.add(topic)
    this.#feeds.get(topic)?.unwatch(connection)
  }

  #forget(feed: Feed): void {
    if (this.#feeds.get(feed.topic) === feed) this.#feeds.delete(feed.topic)
  }
}
