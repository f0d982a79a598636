import { once } from 'node:events'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { Redis } from 'ioredis'
import { type Announcement, isLongerThan } from './announcement.ts'
import type { Bus, BusStats } from './bus.ts'
import { type Envelope, isFrom, parseEnvelope, shardOf, shards, writeEnvelope } from './envelope.ts'
import { memoryBus } from './memory.ts'
import type { Signal } from './signal.ts'

/** A node says something to itself this often, the way it speaks to others. */
const BEAT_EVERY_MS = 1_000
/** One that has heard nothing of itself for so long hears nothing of others either. One beat may be lost. */
const SILENT_AFTER_MS = 2_500
const CONNECT_WITHIN_MS = 2_000
/** So long at most is waited between two attempts. */
const CONNECT_AGAIN_WITHIN_MS = 400
/** So much may be under way to Redis; beyond it hints are dropped [P4]. */
const UNDER_WAY_MAX_CHARS = 8 * 1024 * 1024
/** What is longer the others read from the database: an import would be one message of many megabytes [P4]. */
const ANNOUNCEMENT_MAX_CHARS = 1024 * 1024

const SILENT = 'The bus is silent: Redis does not bring back what is said there. What other nodes change comes from the database meanwhile.'

type Said = Pick<Envelope, 'announcements' | 'signals'>

interface RedisBusOptions {
  /** `redis://` or, with TLS, `rediss://`. */
  url: string
  /** What whoever runs the node should know. */
  warn(text: string, error?: unknown): void
}

/** The bus of several nodes, by way of Redis. A node hears itself at once, with or without Redis. */
export class RedisBus implements Bus {
  readonly stats: BusStats = { messages: 0, dropped: 0 }
  readonly #node = uuidv7()
  readonly #here = memoryBus()
  readonly #warn: RedisBusOptions['warn']
  readonly #publisher: Redis
  readonly #subscriber: Redis
  readonly #timer: NodeJS.Timeout
  /** What is said in this turn of the loop, by shard. */
  readonly #said = new Map<string, Said>()
  #lapses = 0
  /** So many of those that were dropped do others know of. */
  #droppedKnown = 0
  #charsUnderWay = 0
  #heardItselfAt = -Infinity
  #connectedAt = performance.now()
  #wasAlive = true
  #hasHeardGarbage = false
  #failure: Error | undefined

  constructor({ url, warn }: RedisBusOptions) {
    this.#warn = warn
    this.#publisher = this.#connect(url)
    this.#subscriber = this.#connect(url)
    this.#subscriber.on('ready', () => this.#subscribe())
    // The beat after subscribing is said in vain when this one is there later.
    this.#publisher.on('ready', () => this.#beat())
    this.#subscriber.on('message', (_shard: string, text: string) => this.#hear(text))
    this.#timer = setInterval(() => this.#look(), BEAT_EVERY_MS)
  }

  /** Resolves when something can be said, or when that fails: for who speaks once and goes. */
  async opens(): Promise<void> {
    if (this.#publisher.status === 'ready') return
    await once(this.#publisher, 'ready', { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) }).catch(() => {})
  }

  get isAlive(): boolean {
    return performance.now() - this.#heardItselfAt < SILENT_AFTER_MS
  }

  get lapses(): number {
    return this.#lapses
  }

  /** The last one: why nothing is heard, as far as that is known. */
  get failure(): Error | undefined {
    return this.#failure
  }

  publish(announcements: Announcement[]): void {
    this.#here.publish(announcements)
    for (const announcement of announcements) this.#announce(announcement)
  }

  listen(listener: (announcement: Announcement) => void): void {
    this.#here.listen(listener)
  }

  signal(signal: Signal): void {
    this.#here.signal(signal)
    this.#on(signal.name === 'typing' ? signal.topic : this.#node).signals.push(signal)
  }

  listenForSignals(listener: (signal: Signal) => void): void {
    this.#here.listenForSignals(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#send()
    this.#publisher.disconnect()
    this.#subscriber.disconnect()
    await this.#here[Symbol.asyncDispose]()
  }

  /** Nothing waits for a connection: what cannot be said now is dropped. */
  #connect(url: string): Redis {
    const redis = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      connectTimeout: CONNECT_WITHIN_MS,
      retryStrategy: (times) => Math.min(50 * 2 ** times, CONNECT_AGAIN_WITHIN_MS),
    })
    redis.on('error', (error) => (this.#failure = bare(error)))
    return redis.on('close', () => this.#lose())
  }

  #lose(): void {
    this.#heardItselfAt = -Infinity
    this.#failure ??= new Error('Redis has ended the connection')
  }

  #subscribe(): void {
    this.#connectedAt = performance.now()
    this.#subscriber.subscribe(...shards).then(
      () => this.#beat(),
      (error: unknown) => (this.#failure = bare(error)),
    )
  }

  /** One that is too long is dropped; that something was is said in its stead. */
  #announce(announcement: Announcement): void {
    const { announcements } = this.#on(announcement.topic)
    if (isLongerThan(ANNOUNCEMENT_MAX_CHARS, announcement)) this.stats.dropped += 1
    else announcements.push(announcement)
  }

  #on(key: string): Said {
    const shard = shardOf(key)
    if (this.#said.size === 0) setImmediate(() => this.#send())
    const said = this.#said.get(shard) ?? { announcements: [], signals: [] }
    this.#said.set(shard, said)
    return said
  }

  /** One message a shard, and one write for all of them. */
  #send(): void {
    const said = [...this.#said]
    this.#said.clear()
    if (said.length === 0) return
    if (this.#publisher.status !== 'ready' || this.#charsUnderWay > UNDER_WAY_MAX_CHARS) return void (this.stats.dropped += said.length)
    const hasDropped = this.stats.dropped > this.#droppedKnown
    this.#droppedKnown = this.stats.dropped
    const about = { node: this.#node, hasDropped }
    void this.#publish(said.map(([shard, more]) => ['publish', shard, writeEnvelope({ ...about, ...more })]))
  }

  /** Each message's failure is in the answer to all of them: this rejects never. */
  async #publish(messages: [command: string, shard: string, text: string][]): Promise<void> {
    const chars = messages.reduce((sum, [, , text]) => sum + text.length, 0)
    this.#charsUnderWay += chars
    const answers = (await this.#publisher.pipeline(messages).exec()) ?? []
    this.#charsUnderWay -= chars
    const failures = answers.flatMap(([failure]) => failure ?? [])
    this.#failure = failures[0] ? bare(failures[0]) : this.#failure
    this.stats.messages += messages.length - failures.length
    this.stats.dropped += failures.length
  }

  #hear(text: string): void {
    if (isFrom(this.#node, text)) return this.#heardItself()
    const envelope = parseEnvelope(text)
    if (!envelope) return this.#heardGarbage(text)
    if (envelope.hasDropped) this.#lapses += 1
    this.#here.publish(envelope.announcements)
    for (const signal of envelope.signals) this.#here.signal(signal)
  }

  #heardItself(): void {
    if (!this.isAlive) {
      this.#lapses += 1
      this.#failure = undefined
    }
    this.#heardItselfAt = performance.now()
  }

  /** Told once: who looks finds who else uses these names, or which node has another version. That one may have said something. */
  #heardGarbage(text: string): void {
    this.#lapses += 1
    if (!this.#hasHeardGarbage) this.#warn(`Redis brings what no node of this version says: ${text.slice(0, 100)}`)
    this.#hasHeardGarbage = true
  }

  #look(): void {
    const { isAlive } = this
    if (isAlive && !this.#wasAlive) this.#warn('The bus is back.')
    if (!isAlive && this.#wasAlive) this.#warn(SILENT, this.#failure ?? new Error('Redis does not answer'))
    this.#wasAlive = isAlive
    if (!isAlive) this.#connectAgain()
    this.#beat()
  }

  /** Nothing for the others. */
  #beat(): void {
    this.#on(this.#node)
  }

  /** Connections that are open and bring nothing may never do so again. */
  #connectAgain(): void {
    const now = performance.now()
    if (now - this.#connectedAt < SILENT_AFTER_MS) return
    this.#connectedAt = now
    for (const redis of [this.#publisher, this.#subscriber]) if (redis.status !== 'reconnecting') redis.disconnect(true)
  }
}

/** Its words alone: the library hangs on it what was being sent, a password or what somebody wrote, and this goes to the log. */
export function bare(error: unknown): Error {
  return new Error(wordsOf(error))
}

/** The library's words for what is asked while there is no connection, or was when one was lost. */
const UNANSWERED = /enableOfflineQueue|maxRetriesPerRequest/

/** Where a name has several addresses, each of them has failed in its own way. */
function wordsOf(error: unknown): string {
  if (error instanceof Error && UNANSWERED.test(error.message)) return 'Redis does not answer'
  if (error instanceof Error && error.message.startsWith('NOAUTH')) return 'Redis wants a password, which REDIS_URL does not name'
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
