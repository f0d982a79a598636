import { rmSync } from 'node:fs'
import type { Input, Parsed, Result } from '@belfry/protocol/commands.ts'
import type { Message, Reaction, User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import type { Position } from '@belfry/protocol/up.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Bus } from '#bus/bus.ts'
import { memoryBus } from '#bus/memory.ts'
import { jobWork } from '#jobs.ts'
import { Worker } from '#jobs/worker.ts'
import { hashSecret } from '#lib/secrets.ts'
import type { Announcement } from '#bus/announcement.ts'
import type { Actor, Write, WriteTable } from '#store/batch.ts'
import { unstored } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { openStore, type Store } from '#store/store.ts'
import { databaseOf, dropDatabase } from './database.ts'
import './every-database.ts'
import { memoryFolder } from './memory-folder.ts'
import { Screen } from './screen.ts'
import { settles, watched } from './settle.ts'
import { TestNode } from './test-node.ts'
import { testWrites } from './test-writes.ts'

/** Every test's passwords are this hash: nothing here verifies one. */
const NO_PASSWORD = 'none'

/** A clock that stands still until it is told to go on. */
export class TestClock {
  time = Date.now()

  now(): number {
    return this.time
  }

  passes(ms: number): void {
    this.time += ms
  }
}

export interface WorldOptions {
  bus?: Bus
  folder?: string
  clock?: TestClock
  connectionsPerUserMax?: number
  handshakesPerSecond?: number
  writes?: WriteTable
}

/** A data folder with a store that runs in place, nodes over it, and people. */
export class World implements AsyncDisposable {
  readonly clock: TestClock
  readonly folder: string
  readonly bus: Bus
  readonly announced: Announcement[] = []
  readonly failures: unknown[] = []
  readonly store: Store
  /** Of PostgreSQL; null: the database is in the folder. */
  readonly databaseUrl: string | null
  readonly #options: WorldOptions
  readonly #nodes: TestNode[] = []

  private constructor(options: WorldOptions, to: Pick<World, 'folder' | 'clock' | 'bus' | 'databaseUrl'> & { open(world: World): Store }) {
    this.#options = options
    this.folder = to.folder
    this.databaseUrl = to.databaseUrl
    this.clock = to.clock
    this.bus = to.bus
    this.store = to.open(this)
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const folder = options.folder ?? memoryFolder('test')
    const clock = options.clock ?? new TestClock()
    const bus = options.bus ?? memoryBus()
    const on: { announcements(list: Announcement[]): void; failure(failure: string): void; moved(): void } = {
      announcements() {},
      failure() {},
      moved() {},
    }
    const databaseUrl = await databaseOf(folder)
    const opened = await openStore({
      folder,
      databaseUrl,
      writes: options.writes ?? testWrites,
      clock,
      onAnnouncements: (list) => on.announcements(list),
      onMoved: () => on.moved(),
      onFailure: (failure) => on.failure(failure),
    })
    const store = watched(opened)
    return new World(options, {
      folder,
      databaseUrl,
      clock,
      bus,
      open(world) {
        on.announcements = (list) => world.#announce(list)
        on.failure = (failure) => world.failures.push(failure)
        on.moved = () => world.#nodes.forEach((node) => void node.realtime.feeds.sweep())
        return store
      },
    })
  }

  /** A node of its own over the same database. `bus`: its own end of the bus. `late`: what it reads arrives after that. */
  opensNode({ bus = this.bus, late }: { bus?: Bus; late?: () => Promise<void> } = {}): TestNode {
    const { connectionsPerUserMax = 20, handshakesPerSecond = 1e9 } = this.#options
    const node = new TestNode(this, { bus, connectionsPerUserMax, handshakesPerSecond, ...(late && { late }) })
    this.#nodes.push(node)
    return node
  }

  async person(username: string, role: User['role'] = 'member'): Promise<Person> {
    const input = { username, role, passwordHash: NO_PASSWORD }
    const user = await this.store.write<User>({ name: 'user.create', input, actor: { is: 'operator' } })
    return new Person(this, user, await this.signsIn(user.id))
  }

  /** Whoever comes by an invitation. */
  async comes(username: string, { secret }: { secret: string }): Promise<Person> {
    const input = { username, passwordHash: NO_PASSWORD, inviteHash: hashSecret(secret) }
    const user = await this.store.write<User>({ name: 'user.create', input, actor: { is: 'nobody' } })
    return new Person(this, user, await this.signsIn(user.id))
  }

  async people<const Names extends readonly string[]>(...names: Names): Promise<{ [N in keyof Names]: Person }> {
    const found: Person[] = []
    for (const name of names) found.push(await this.person(name))
    return found as { [N in keyof Names]: Person }
  }

  async signsIn(userId: string): Promise<Device> {
    const token = uuidv7()
    const input = { userId, passwordHash: NO_PASSWORD, tokenHash: hashSecret(token), device: 'test' }
    const { sessionId } = await this.store.write<{ sessionId: string }>({ name: 'session.start', input, actor: { is: 'nobody' } })
    return { token, sessionId }
  }

  /** What the server's operator does from the command line. */
  operates<Result>(name: string, input: unknown): Promise<Result> {
    return this.store.write<Result>({ name, input, actor: { is: 'operator' } })
  }

  /** By the operator. */
  disables({ id }: { id: string }): Promise<User> {
    return this.operates('user.update', { id, isDisabled: true })
  }

  notifies(to: string | string[], more: Partial<Parsed<'notification.publish'>> = {}): Promise<Result<'notification.publish'>> {
    return this.operates('notification.publish', { to, title: 'Build failed', ...more })
  }

  /** Time passes, and what was promised is done. `online`: who has a connection. */
  async worksOff(online: Person[] = []): Promise<void> {
    this.clock.passes(2_000)
    await using worker = new Worker({
      store: this.store,
      clock: this.clock,
      work: jobWork({ store: this.store, online: () => online.map(({ id }) => id) }),
      onFailure: (failure, error) => this.failures.push(failure, error),
    })
    await worker.work()
  }

  /** Everything of a table, as it stands. */
  async table<T extends keyof Tables>(table: T): Promise<Tables[T][]> {
    const rows: unknown = await this.store.read((db) =>
      db
        .selectFrom(table as 'messages')
        .selectAll()
        .execute(),
    )
    return (rows as Tables[T][]).map(unstored)
  }

  async seqOf(topic: string): Promise<number> {
    return (await this.table('topics')).find((row) => row.topic === topic)?.seq ?? 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) node[Symbol.dispose]()
    await this.store[Symbol.asyncDispose]()
    if (this.#options.folder) return
    rmSync(this.folder, { recursive: true, force: true })
    await dropDatabase(this.databaseUrl)
  }

  #announce(list: Announcement[]): void {
    this.announced.push(...structuredClone(list))
    this.bus.publish(list)
  }
}

export interface Device {
  token: string
  sessionId: string
}

/** Somebody with an account, signed in. */
export class Person {
  readonly user: User
  readonly device: Device
  readonly #world: World

  constructor(world: World, user: User, device: Device) {
    this.#world = world
    this.user = user
    this.device = device
  }

  get id(): string {
    return this.user.id
  }

  get actor(): Extract<Actor, { is: 'person' }> {
    return { is: 'person', userId: this.id, sessionId: this.device.sessionId }
  }

  get topic(): `user:${string}` {
    return `user:${this.id}`
  }

  /** Opens a screen at a node and follows General, or what is named. */
  opens(node: TestNode, positions: Position[] = [['room:general']]): Promise<Screen> {
    return new Screen(node.server).hello(this.device.token, positions)
  }

  onAnotherDevice(device: Device): Person {
    return new Person(this.#world, this.user, device)
  }

  does<Result>(name: string, input: unknown, more: Partial<Write> = {}): Promise<Result> {
    return this.#world.store.write<Result>({ name, input, actor: this.actor, ...more })
  }

  post(body: string, more: { id?: string; roomId?: string } = {}): Promise<Message & { duplicate?: true }> {
    return this.does('message.post', { roomId: GENERAL_ROOM, body, ...more })
  }

  /** At once, in this order. */
  posts(...bodies: string[]): Promise<Message[]> {
    return Promise.all(bodies.map((body) => this.post(body)))
  }

  /** Posts long messages, some at a time, until something is so; answers how many. */
  async floods(roomId: string, isSo: () => boolean): Promise<number> {
    const AT_ONCE = 20
    const BATCHES_MAX = 200
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      if (isSo()) return batch * AT_ONCE
      await Promise.all(Array.from({ length: AT_ONCE }, () => this.post('x'.repeat(15_000), { roomId })))
      await settles()
    }
    throw new Error(`never so: ${String(isSo)}`)
  }

  edits(message: Message, body: string): Promise<Message> {
    return this.does('message.edit', { roomId: message.roomId, id: message.id, body, changed: message.changed })
  }

  deletes(message: Message): Promise<Message> {
    return this.does('message.delete', { roomId: message.roomId, id: message.id })
  }

  reacts(to: Message, emoji: string): Promise<Result<'reaction.add'>> {
    return this.does('reaction.add', { roomId: to.roomId, id: to.id, emoji })
  }

  unreacts(to: Message, emoji: string): Promise<Reaction> {
    return this.does('reaction.remove', { roomId: to.roomId, id: to.id, emoji })
  }

  marks(id: string, to: Omit<Input<'notification.mark'>, 'id'>): Promise<Result<'notification.mark'>> {
    return this.does('notification.mark', { id, ...to })
  }

  marksAllRead(upTo: number, epoch = this.#world.store.epoch): Promise<Result<'notification.mark-all'>> {
    return this.does('notification.mark-all', { epoch, upTo, set: { read: true } })
  }

  signsOut(): Promise<null> {
    return this.does('session.end', {})
  }
}

/** The code of the refusal with which something ends. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error && 'body' in error) return (error.body as { code: string }).code
    throw error
  }
  return 'done'
}
