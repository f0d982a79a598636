import type { IncomingMessage, Server } from 'node:http'
import type { Writable } from 'node:stream'
import type { CloseReason } from '@belfry/protocol/close-codes.ts'
import { FRAME_MAX_BYTES, MESSAGE_MAX_CHARS, PING_EVERY_MS, TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import { type Topic, userTopic } from '@belfry/protocol/topics.ts'
import type { Hello, Position } from '@belfry/protocol/up.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import type { SignedIn } from '#accounts/sessions.ts'
import type { Announcement } from '#bus/announcement.ts'
import type { Bus } from '#bus/bus.ts'
import type { Signal } from '#bus/signal.ts'
import type { Call, Caller } from '#admit.ts'
import { isLook } from '#call.ts'
import type { Clock } from '#lib/clock.ts'
import { Pace } from '#lib/pace.ts'
import type { Store } from '#store/store.ts'
import { quietNews } from '#topics.ts'
import type { TopicPosition } from './catch-up.ts'
import { Connection } from './connection.ts'
import { Connections } from './connections.ts'
import { Feeds } from './feeds.ts'
import { Presence } from './presence.ts'
import { type Reception, receive, takeUp } from './receive.ts'
import { Sender } from './send.ts'
import { StreamWire } from './stream-wire.ts'
import { Typing } from './typing.ts'
import { acceptSockets, type Greeted, type Stranger } from './upgrade.ts'
import { SocketWire, type Wire } from './wire.ts'

/** How long a client may take to answer a close, when the server stops. */
const CLOSE_WITHIN_MS = 1_000
/** In how many slices clients are handed over to other nodes. */
const SLICES = 20

export interface RealtimeOptions {
  store: Store
  bus: Bus
  clock: Clock
  connectionsPerUserMax: number
  handshakesPerSecond: number
  isOurOrigin(request: IncomingMessage): boolean
  /** Where a request comes from, as limits count it. */
  addressOf(request: IncomingMessage): string
  /** Who is signed in: by the token that hello says, or by the cookie of the upgrade request. */
  whoIs(request: IncomingMessage, token: string | undefined): Promise<{ signedIn: SignedIn; caller: Caller } | null>
  call(call: Call): Promise<unknown>
  /** What was told is not what the database says: it is another one, or an older one was put in its place [F8]. */
  onReplaced(by: 'another' | 'older'): void
  onFailure(failure: unknown): void
}

/** The live half of a node: connections, and the feeds that they follow. */
export class Realtime implements Disposable {
  readonly connections: Connections
  readonly feeds: Feeds
  readonly presence: Presence
  readonly #typing: Typing
  readonly #pace: Pace
  readonly sender: Sender
  readonly #options: RealtimeOptions
  readonly #allGone = Promise.withResolvers<void>()
  #cutStrangers: () => void = () => {}
  #stopping = false

  constructor(options: RealtimeOptions) {
    const { store, clock, bus, onFailure } = options
    this.#options = options
    this.sender = new Sender(store.queue)
    this.connections = new Connections(clock, options.connectionsPerUserMax)
    this.#pace = new Pace({ perSecond: options.handshakesPerSecond })
    this.presence = new Presence({ store, bus, clock, onFailure, connections: this.connections })
    this.#typing = new Typing({ store, bus, clock, onFailure })
    const refuse = (connection: Connection, topic: Topic) => this.#refuse(connection, topic)
    const fail = (connection: Connection, error: unknown) => this.#fail(connection, error)
    const onPlaces = (connection: Connection) => this.presence.askAgain(connection)
    this.feeds = new Feeds(store, { clock, bus, onFailure, refuse, fail, onPlaces, onReplaced: options.onReplaced })
    bus.listen((announcement) => this.#hear(announcement))
    bus.listenForSignals((signal) => this.#hearSignal(signal))
  }

  accept(server: Server): void {
    this.#cutStrangers = acceptSockets(server, {
      isOurOrigin: this.#options.isOurOrigin,
      addressOf: this.#options.addressOf,
      isOpen: () => !this.#stopping,
      greet: (stranger, hello) => this.#greet(stranger, hello),
      onFailure: this.#options.onFailure,
    })
  }

  get isStopping(): boolean {
    return this.#stopping
  }

  /** Waits for the turn of somebody who comes; false: too many stand in line. */
  turn(): Promise<boolean> {
    return this.#pace.turn()
  }

  /** Begins a stream of all that somebody follows: what a socket would tell, over an HTTP answer whose head is written. */
  stream(out: Writable, signedIn: SignedIn, positions: readonly Position[]): void {
    const connection = this.#connect(new StreamWire(out), signedIn)
    this.#welcome(connection, signedIn)
    this.#watch(connection, this.#resume(connection, positions))
  }

  /** Begins a stream of one topic alone. */
  streamTopic(out: Writable, signedIn: SignedIn, { topic, position }: { topic: Topic; position: TopicPosition | null }): void {
    const connection = this.#connect(new StreamWire(out, topic), signedIn)
    void this.#resume(connection, [position ? [topic, position.epoch, position.seq] : [topic]])
  }

  /** Takes no new connections, and tells those that it has to come back within this time [P5]. */
  announceStop(withinMs: number): void {
    this.#stopping = true
    for (const connection of this.connections.all()) connection.send({ t: 'drain', withinMs })
  }

  /**
   * Takes no new connections, and sends those that it has to the other nodes, slice by slice, for all of this time: it serves the rest meanwhile, and no
   * node has all of them come at once [P5].
   */
  async handOver(withinMs: number): Promise<void> {
    this.#stopping = true
    const all = [...this.connections.all()]
    const size = Math.ceil(all.length / SLICES)
    for (let slice = 0; slice < SLICES; slice += 1) {
      for (const connection of all.slice(slice * size, (slice + 1) * size)) void this.#handOver(connection, withinMs / SLICES)
      await pause(withinMs / SLICES)
    }
  }

  /** Closes every connection with a code that says come back; whoever does not answer is cut off. */
  async closeAll(): Promise<void> {
    for (const connection of [...this.connections.all()]) void answered(connection).then(() => connection.close('shutting-down'))
    if (this.connections.size > 0) await Promise.race([this.#allGone.promise, patience(CLOSE_WITHIN_MS)])
    for (const connection of this.connections.all()) connection.cut()
    this.#cutStrangers()
  }

  [Symbol.dispose](): void {
    this.feeds[Symbol.dispose]()
    this.presence[Symbol.dispose]()
    this.#pace[Symbol.dispose]()
    this.connections[Symbol.dispose]()
  }

  /** Another epoch's are another database's [F8]. */
  #hear(announcement: Announcement): void {
    if (announcement.epoch !== this.#options.store.epoch) return
    this.feeds.hear(announcement)
    const news = quietNews(announcement.topic, announcement.rows)
    if (news) this.presence.tookQuiet(news)
  }

  #hearSignal(signal: Signal): void {
    if (signal.epoch !== this.#options.store.epoch) return
    if (signal.name === 'typing') this.feeds.passOn(signal)
    else if (signal.name === 'attendance') this.presence.hear(signal)
    else this.presence.answer(signal)
  }

  async #greet(stranger: Stranger, hello: Hello): Promise<Greeted | CloseReason | null> {
    if (hello.v !== PROTOCOL_VERSION) return 'version'
    if (!(await this.turn())) return 'failed'
    if (stranger.ws.readyState !== stranger.ws.OPEN) return null
    const who = await this.#options.whoIs(stranger.request, hello.token)
    // Whoever has gone meanwhile says so no second time: it would be kept for ever.
    if (stranger.ws.readyState !== stranger.ws.OPEN) return null
    if (!who) return 'unauthenticated'
    if (this.#stopping) return 'shutting-down'

    const { signedIn, caller } = who
    const connection = this.#connect(new SocketWire(stranger), signedIn)
    this.#welcome(connection, signedIn)
    this.#watch(connection, this.#resume(connection, hello.positions))
    const reception = this.#reception(caller)
    return { receive: (frame) => receive(reception, connection, frame), close: (reason) => connection.close(reason) }
  }

  async #handOver(connection: Connection, withinMs: number): Promise<void> {
    await answered(connection)
    connection.send({ t: 'drain', withinMs })
    connection.close('shutting-down')
  }

  #connect(wire: Wire, { user, sessionId }: SignedIn): Connection {
    const follower = { userId: user.id, sessionId }
    const connection = new Connection({ id: uuidv7(), follower, now: this.#options.clock.now() }, { wire, sender: this.sender })
    this.connections.add(connection)
    this.presence.arrived(connection)
    wire.onClose(() => {
      this.connections.remove(connection)
      this.presence.left(connection)
      connection.requests.drop()
      this.feeds.leaveAll(connection)
      if (this.#stopping && this.connections.size === 0) this.#allGone.resolve()
    })
    connection.onDrained = () => {
      for (const [topic, position] of connection.drained()) void this.#join(connection, topic, position)
      this.feeds.bumpAgain(connection)
    }
    return connection
  }

  #welcome(connection: Connection, { user, sessionId }: SignedIn): void {
    connection.send({
      t: 'welcome',
      v: PROTOCOL_VERSION,
      connection: connection.id,
      session: sessionId,
      user,
      epoch: this.#options.store.epoch,
      serverTime: this.#options.clock.now(),
      limits: {
        messageMaxChars: MESSAGE_MAX_CHARS,
        frameMaxBytes: FRAME_MAX_BYTES,
        topicsMax: TOPICS_PER_CONNECTION_MAX,
        pingEveryMs: PING_EVERY_MS,
      },
    })
  }

  /** Everything that it followed, in one round trip; before all its person's own topic, which carries the session's end [A4]. Answers when that is told. */
  async #resume(connection: Connection, positions: readonly Position[]): Promise<void> {
    const own = userTopic(connection.follower.userId)
    const [ownPosition = [own] as const] = positions.filter(([topic]) => topic === own)
    const others = namedFirst(positions).filter(([topic]) => topic !== own)
    const [isOwnTold] = [ownPosition, ...others].map(([name, epoch, seq]) => {
      const topic = takeUp(connection, name)
      return topic && this.#join(connection, topic, epoch !== undefined && seq !== undefined ? { epoch, seq } : null)
    })
    await isOwnTold
  }

  /** In its turn: whoever does not read what it has got already gets no more. */
  #join(connection: Connection, topic: Topic, position: TopicPosition | null): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    connection.requests.add(async () => {
      try {
        await this.feeds.join(connection, topic, position)
      } catch (error) {
        this.#fail(connection, error)
      }
      connection.pauseWhenSlow(this.#options.clock.now())
      resolve()
    })
    return promise
  }

  /** After its own topic, which tells from then on of places that come and go: looked up before that, a place could end unseen in between. */
  #watch(connection: Connection, isOwnTold: Promise<void>): void {
    const watches = () => this.feeds.watchAll(connection)
    connection.requests.add(() => isOwnTold.then(watches).catch((error: unknown) => this.#fail(connection, error)))
  }

  /** What it follows and watches is not known: it comes again. */
  #fail(connection: Connection, error: unknown): void {
    this.#options.onFailure(error)
    connection.close('failed')
  }

  /** Without one's own topic there is no session any more [A4]. */
  #refuse(connection: Connection, topic: Topic): void {
    connection.topics.delete(topic)
    connection.behind.delete(topic)
    if (topic === userTopic(connection.follower.userId)) return connection.close('session-ended')
    connection.send({ t: 'unfollowed', topic, reason: 'not-found' })
    if (connection.only === topic) connection.close(null)
  }

  #reception(caller: Caller): Reception {
    const { clock, call, onFailure } = this.#options
    const { feeds, presence } = this
    const say = (name: string, input: unknown) => call({ name, input, caller })
    return { feeds, presence, typing: this.#typing, now: () => clock.now(), onFailure, isLook, call: say }
  }
}

/** What is named twice is followed once: each time would cost a snapshot. */
function namedFirst(positions: readonly Position[]): Position[] {
  const first = new Map<string, Position>()
  for (const position of positions) if (!first.has(position[0])) first.set(position[0], position)
  return [...first.values()]
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}

/** What it has called for, before it goes. */
async function answered(connection: Connection): Promise<void> {
  await Promise.race([connection.allAnswered(), patience(CLOSE_WITHIN_MS)])
}

/** For what comes first, mostly: a process does not stay for it. */
function patience(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref())
}
