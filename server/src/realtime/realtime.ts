import type { IncomingMessage, Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CloseReason } from '@belfry/protocol/close-codes.ts'
import { FRAME_MAX_BYTES, MESSAGE_MAX_CHARS, PING_EVERY_MS, TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import { type Topic, userTopic } from '@belfry/protocol/topics.ts'
import type { Hello, UpFrame } from '@belfry/protocol/up.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import type { SignedIn } from '#accounts/sessions.ts'
import type { Bus } from '#bus/bus.ts'
import type { Call, Caller } from '#call.ts'
import type { Clock } from '#lib/clock.ts'
import type { Store } from '#store/store.ts'
import { Connection } from './connection.ts'
import { Connections } from './connections.ts'
import { Feeds } from './feeds.ts'
import { joinTopic, type Reception, receive } from './receive.ts'
import { Sender } from './send.ts'
import { acceptSockets, type Stranger } from './upgrade.ts'

/** How long a client may take to answer a close, when the server stops. */
const CLOSE_WITHIN_MS = 1_000

export interface RealtimeOptions {
  store: Store
  bus: Bus
  clock: Clock
  connectionsPerUserMax: number
  isOurOrigin(request: IncomingMessage): boolean
  /** Who is signed in: by the token that hello says, or by the cookie of the upgrade request. */
  whoIs(request: IncomingMessage, token: string | undefined): Promise<{ signedIn: SignedIn; caller: Caller } | null>
  call(call: Call): Promise<unknown>
  onFailure(failure: unknown): void
}

/** The socket half of a node: connections, and the feeds that they follow. */
export class Realtime implements Disposable {
  readonly connections: Connections
  readonly feeds: Feeds
  readonly sender = new Sender()
  readonly #options: RealtimeOptions
  readonly #allGone = Promise.withResolvers<void>()
  #cutStrangers: () => void = () => {}
  #stopping = false

  constructor(options: RealtimeOptions) {
    const { store, clock, bus, onFailure } = options
    this.#options = options
    this.connections = new Connections(clock, options.connectionsPerUserMax)
    this.feeds = new Feeds(store, { clock, onFailure, refuse: (connection, topic) => this.#refuse(connection, topic) })
    bus.listen((announcement) => this.feeds.hear(announcement))
  }

  accept(server: Server): void {
    this.#cutStrangers = acceptSockets(server, {
      isOurOrigin: this.#options.isOurOrigin,
      isOpen: () => !this.#stopping,
      greet: (stranger, hello) => this.#greet(stranger, hello),
      onFailure: this.#options.onFailure,
    })
  }

  /** Takes no new connections, and tells those that it has to come back within this time [P5]. */
  announceStop(withinMs: number): void {
    this.#stopping = true
    for (const connection of this.connections.all()) connection.send({ t: 'drain', withinMs })
  }

  /** Closes every connection with a code that says come back; whoever does not answer is cut off. */
  async closeAll(): Promise<void> {
    for (const connection of [...this.connections.all()]) connection.close('shutting-down')
    if (this.connections.size > 0) await Promise.race([this.#allGone.promise, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })])
    for (const connection of this.connections.all()) connection.socket.destroy()
    this.#cutStrangers()
  }

  [Symbol.dispose](): void {
    this.feeds[Symbol.dispose]()
    this.connections[Symbol.dispose]()
  }

  async #greet(stranger: Stranger, hello: Hello): Promise<((frame: UpFrame) => void) | CloseReason> {
    const { whoIs, clock } = this.#options
    if (hello.v !== PROTOCOL_VERSION) return 'version'
    const who = await whoIs(stranger.request, hello.token)
    if (!who) return 'unauthenticated'
    if (this.#stopping) return 'shutting-down'

    const { signedIn, caller } = who
    const follower = { userId: signedIn.user.id, sessionId: signedIn.sessionId }
    const connection = new Connection({ id: uuidv7(), follower, now: clock.now() }, { ...stranger, sender: this.sender })
    this.#admit(stranger, connection)
    this.#welcome(connection, signedIn)
    this.#resume(connection, hello)
    const reception = this.#reception(caller)
    return (frame) => receive(reception, connection, frame)
  }

  #admit({ ws, socket }: Stranger, connection: Connection): void {
    this.connections.add(connection)
    ws.once('close', () => {
      this.connections.remove(connection)
      this.feeds.leaveAll(connection)
      if (this.#stopping && this.connections.size === 0) this.#allGone.resolve()
    })
    socket.on('drain', () => {
      connection.resume()
      for (const [topic, seq] of connection.catchUp()) this.#join(connection, topic, { epoch: this.#options.store.epoch, seq })
    })
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

  /** Everything that it followed, in one round trip; its person's own topic always, which carries the session's end [A4]. */
  #resume(connection: Connection, hello: Hello): void {
    const own = userTopic(connection.follower.userId)
    if (!hello.positions.some(([topic]) => topic === own)) this.#join(connection, own, null)
    for (const [topic, epoch, seq] of hello.positions) {
      this.#join(connection, topic, epoch !== undefined && seq !== undefined ? { epoch, seq } : null)
    }
  }

  #join(connection: Connection, topic: string, position: { epoch: string; seq: number } | null): void {
    joinTopic({ feeds: this.feeds }, connection, { topic, position }).catch((error: unknown) => {
      this.#options.onFailure(error)
      connection.close('failed')
    })
  }

  /** Without one's own topic there is no session any more [A4]. */
  #refuse(connection: Connection, topic: Topic): void {
    connection.topics.delete(topic)
    if (topic === userTopic(connection.follower.userId)) return connection.close('session-ended')
    connection.send({ t: 'unfollowed', topic, reason: 'not-found' })
  }

  #reception(caller: Caller): Reception {
    const { clock, call, onFailure } = this.#options
    return { feeds: this.feeds, now: () => clock.now(), onFailure, call: (name, input) => call({ name, input, caller }) }
  }
}
