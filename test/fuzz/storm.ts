import type { Bus } from '@belfry/server/bus/bus.ts'
import type { Room } from '@belfry/protocol/rows.ts'
import type { Announcement } from '@belfry/server/bus/announcement.ts'
import { jobWork } from '@belfry/server/jobs.ts'
import { Worker } from '@belfry/server/jobs/worker.ts'
import { HostileBus } from '#server/test/hostile-bus.ts'
import { TestNode } from '#server/test/test-node.ts'
import { type Person, type TestClock, World } from '#server/test/world.ts'
import { Deeds } from './deeds.ts'
import { Device, type Surroundings } from './device.ts'
import { Dice } from '#bench/src/dice.ts'
import { CALM, Network } from './network.ts'
import { Time } from './time.ts'
import { Truth } from './witness.ts'

const STORM_MS = 25_000
/** Longer than every backoff of the SDK. */
const CALM_MS = 150_000
/** What is new of who is there, once all is calm. */
const TELL_EVERY_MS = 5_000
const NODES = 2
/** More than a snapshot holds. */
const MESSAGES_BEFORE = 60
const NOTIFICATIONS_BEFORE = 34

/** What their buses do to them the nodes are not told. */
const WELL = { isAlive: true, lapses: 0, stats: { messages: 0, dropped: 0 } }

/** A room that is closed and opened. */
type ClosedAtTimes = Pick<Room, 'id' | 'name' | 'history'>

interface Parts {
  dice: Dice
  time: Time
  world: World
  people: readonly Person[]
  buses: (HostileBus | null)[]
  cellar: ClosedAtTimes
  tower: ClosedAtTimes
}

/** Everything for one run: a database, nodes with a bad bus, devices on a bad network. */
export class Storm implements AsyncDisposable {
  readonly world: World
  readonly devices: Device[] = []
  readonly people: readonly Person[]
  readonly network: Network
  readonly time: Time
  /** Which commands somebody has sent. */
  readonly used = new Set<string>()
  readonly #dice: Dice
  readonly #around: Surroundings
  readonly #buses: (HostileBus | null)[]
  readonly #nodes: (TestNode | null)[] = []
  readonly #worker: Worker
  readonly #deeds: Deeds
  readonly #cellar: ClosedAtTimes
  readonly #tower: ClosedAtTimes
  #isOver = false

  private constructor(parts: Parts) {
    const { dice, time, world } = parts
    this.#cellar = parts.cellar
    this.#tower = parts.tower
    this.#worker = new Worker({
      store: world.store,
      clock: time,
      work: jobWork({ store: world.store, online: () => this.people.filter(() => dice.happens(0.5)).map(({ id }) => id) }),
      onFailure: (failure, error) => world.failures.push(failure, error),
    })
    this.#dice = dice
    this.time = time
    this.world = world
    this.people = parts.people
    this.#buses = parts.buses
    this.network = new Network({ dice, time, nodes: () => this.#nodes.filter((node) => node !== null) })
    this.#around = {
      dice,
      time,
      world,
      network: this.network,
      truth: new Truth(world.folder, () => time.now()),
      people: parts.people,
      links: new Set(),
      used: this.used,
      isHeavy: dice.happens(0.3),
    }
    this.#deeds = new Deeds({ world, dice, used: this.used })
    for (let at = 0; at < NODES; at++) this.#starts(at)
  }

  static async gathers(seed: number): Promise<Storm> {
    const dice = new Dice(seed)
    let storm: Storm | null = null
    const time = new Time(() => (storm?.network.weather === CALM ? 3 : dice.below(3)))
    const buses: (HostileBus | null)[] = []
    const bus: Bus = {
      ...WELL,
      publish: (list: Announcement[]) => buses.forEach((one) => one?.publish(list)),
      listen() {},
      signal() {},
      listenForSignals() {},
      async [Symbol.asyncDispose]() {},
    }
    const world = await World.open({ bus, clock: time as unknown as TestClock })
    const people = [...(await world.people('alice', 'bob', 'carol', 'prachi')), await world.person('aman', 'guest')]
    const history = () => dice.pick(['whole', 'since-joined'] as const)
    const [cellar, tower] = [
      { id: 'cellar', name: 'Cellar', history: history() },
      { id: 'tower', name: 'Tower', history: history() },
    ]
    await prepare(world, people, { cellar, tower })
    storm = new Storm({ dice, time, world, people, buses, cellar, tower })
    for (const [at, person] of people.entries()) await storm.#giveDevices(person, at >= 3 ? 1 : 2)
    return storm
  }

  async rages(): Promise<void> {
    for (const device of this.devices) this.#keepsActing(device)
    this.#keeps(() => this.#operates(), 300)
    this.#keeps(() => void this.#worker.work(), 800)
    for (let at = 0; at < NODES; at++) {
      this.#keeps(() => void this.#nodes[at]?.realtime.feeds.sweep(), 6_000)
      this.#keeps(() => this.#nodes[at]?.realtime.feeds.tellWatchers(), 1_000)
      this.#keeps(() => this.#nodes[at]?.realtime.presence.tell(), 1_000)
      this.#keeps(() => this.#buses[at]?.releases((held) => this.#shuffled(held)), 120)
    }
    await this.time.passes(STORM_MS)
  }

  /** All comes to rest: nothing is lost any more, and time passes for every backoff. */
  async calms(): Promise<void> {
    this.#isOver = true
    await this.#deeds.parts(this.#guest, this.people[0]!)
    this.network.weather = CALM
    for (let at = 0; at < NODES; at++) this.#starts(at)
    for (const bus of this.#buses) {
      bus!.fateOf = () => 'passes'
      bus!.fateOfSignal = () => 'passes'
      bus!.releases((held) => this.#shuffled(held))
    }
    for (let rounds = 0; rounds < 3; rounds++) {
      for (let steps = 0; steps < CALM_MS / 3; steps += TELL_EVERY_MS) {
        await this.time.passes(TELL_EVERY_MS)
        for (const node of this.#nodes) node!.realtime.presence.tell()
      }
      await this.#worker.work()
      await Promise.all(this.#nodes.map((node) => node!.realtime.feeds.sweep()))
      await this.time.passes(1_000)
      for (const node of this.#nodes) node!.realtime.feeds.tellWatchers()
      await this.#tellsWhoIsThere()
      for (const device of this.devices) device.discards()
    }
    await this.time.passes(5_000)
    await this.#tellsWhoIsThere()
  }

  get #guest(): Person {
    return this.people.find(({ user }) => user.role === 'guest')!
  }

  /** To the other nodes, then to those who look. */
  async #tellsWhoIsThere(): Promise<void> {
    for (let times = 0; times < 2; times++) {
      for (const node of this.#nodes) node!.realtime.presence.tell()
      await this.time.passes(1_000)
    }
  }

  /** Every connection is lost once more, and comes back. */
  async blinks(): Promise<void> {
    for (const wire of [...this.network.wires]) wire.breaks()
    // Whose network swallows sockets by now gives up on them after three silences of 20 s.
    await this.time.passes(120_000)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const device of this.devices) device.belfry.close()
    for (const node of this.#nodes) node?.[Symbol.dispose]()
    this.#around.truth.close()
    await this.world[Symbol.asyncDispose]()
  }

  async #giveDevices(person: Person, count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      const session = at === 0 ? person.device : await this.world.signsIn(person.id)
      this.devices.push(new Device(person, session, { ...this.#around, name: `${person.user.username}.${at}` }))
    }
  }

  #starts(at: number): void {
    if (this.#nodes[at]) return
    const bus = new HostileBus()
    bus.fateOf = () =>
      this.#dice.weighted([
        [25, 'lost'],
        [10, 'twice'],
        [30, 'held'],
        [35, 'passes'],
      ] as const)
    bus.fateOfSignal = () =>
      this.#dice.weighted([
        [20, 'lost'],
        [10, 'twice'],
        [70, 'passes'],
      ] as const)
    this.#buses[at] = bus
    this.#nodes[at] = new TestNode(this.world, {
      bus: this.#among(bus),
      connectionsPerUserMax: 20,
      isBusy: () => !this.#isOver && this.#dice.happens(0.06),
      late: () => this.#late(),
    })
  }

  /** What one node signals all hear, each by its own bus. */
  #among(bus: HostileBus): Bus {
    return {
      ...WELL,
      publish: (list) => bus.publish(list),
      listen: (listener) => bus.listen(listener),
      signal: (signal) => this.#buses.forEach((one) => one?.signal(signal)),
      listenForSignals: (listener) => bus.listenForSignals(listener),
      [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
    }
  }

  /** A disk, a thread and a pool lie between a node and its rows. */
  #late(): Promise<void> {
    if (this.#isOver || this.#dice.happens(0.4)) return Promise.resolve()
    return new Promise((resolve) => this.time.after(this.#dice.below(150), resolve))
  }

  /** As `kill -9` would have it; another takes its place soon. */
  #kills(at: number): void {
    this.#nodes[at]?.[Symbol.dispose]()
    this.#nodes[at] = null
    this.#buses[at] = null
    this.time.after(this.#dice.below(2_000), () => this.#starts(at))
  }

  #keepsActing(device: Device): void {
    this.#keeps(() => {
      if (!device.isOver) this.#acts(device)
    }, 450)
  }

  #acts(device: Device): void {
    const dice = this.#dice
    const room = () =>
      dice.weighted([
        [3, 'general'],
        [1, 'cellar'],
      ] as const)
    dice.weighted<() => void>([
      [30, () => device.posts(room())],
      [12, () => device.touches(room(), 'edit')],
      [6, () => device.touches(room(), 'remove')],
      [10, () => device.reacts(room())],
      [8, () => device.reads()],
      [16, () => device.marks()],
      [6, () => device.marksAll()],
      [16, () => device.scrolls()],
      [4, () => device.settles()],
      [3, () => device.reloads()],
      [1, () => void device.signsInAgain()],
      [0.5, () => void this.#endsAnother(device)],
      [12, () => device.types(room())],
      [2, () => device.rests()],
      [1, () => device.chooses()],
      [4, () => device.looksUp()],
      [1, () => device.changesNetwork()],
      [2, () => device.discards()],
      [5, () => this.#stalls()],
    ])()
  }

  /** A person signs another device of theirs out, which signs in again. */
  async #endsAnother(device: Device): Promise<void> {
    const other = this.devices.find((one) => one !== device && one.person === device.person)
    if (!other) return
    await device.ends(other)
    await other.signsInAgain()
  }

  #stalls(): void {
    const wires = [...this.network.wires]
    if (wires.length > 0) this.#dice.pick(wires).stalls(500 + this.#dice.below(6_000))
  }

  #operates(): void {
    const dice = this.#dice
    const standing = this.people.filter((person) => !this.devices.some((device) => device.person === person && device.isOver))
    const person = dice.pick(standing)
    const guest = this.#guest
    dice.weighted<() => void>([
      [20, () => this.#does(this.#deeds.rings(dice.happens(0.3) ? standing : [person]))],
      [8, () => this.#moves(person)],
      [6, () => this.#moves(guest)],
      [4, () => this.#does(this.#deeds.leavesAll(guest))],
      [20, () => this.#does(this.#deeds.inTower(person))],
      [10, () => this.#does(this.#deeds.inPrivate(person, standing))],
      [14, () => this.#does(this.#deeds.inMade(person, standing))],
      [8, () => this.#does(this.#deeds.ofAccount(person))],
      [3, () => this.#does(this.#deeds.arrives())],
      [3, () => this.#does(this.#turnsCellar(dice.pick(['closed', 'closed', 'open'])))],
      [3, () => this.#does(this.world.operates('test.room', { ...this.#tower, kind: dice.pick(['closed', 'open']) }))],
      [2, () => this.#does(this.world.operates('test.purge', { roomId: 'general', upTo: MESSAGES_BEFORE }))],
      [2, () => this.#does(this.#deletesOld())],
      [2, () => this.#kills(dice.below(NODES))],
      [0.4, () => this.#disables(this.people[3]!)],
    ])()
  }

  /** In or out of a closed room, sometimes both in one breath; but its owner stays. */
  #moves({ id: userId }: Person): void {
    const roomId = userId === this.people[0]!.id ? 'tower' : this.#dice.pick(['cellar', 'cellar', 'tower'])
    const moves = (is: 'in' | 'out') => this.#does(this.world.operates('test.member', { roomId, userId, is }))
    moves(this.#dice.pick(['in', 'in', 'out'] as const))
    if (this.#dice.happens(0.3)) moves('in')
  }

  async #turnsCellar(kind: Room['kind']): Promise<void> {
    await this.world.operates('test.room', { ...this.#cellar, kind })
    if (kind === 'closed') this.#around.truth.closedAt.set('cellar', this.time.now())
  }

  #disables(person: Person): void {
    for (const device of this.devices) if (device.person === person) device.isOver = true
    this.#does(this.world.disables(person))
  }

  /** So that there is something to purge. */
  async #deletesOld(): Promise<void> {
    const old = (await this.world.table('messages')).filter(
      ({ n, deletedAt, roomId }) => roomId === 'general' && n <= MESSAGES_BEFORE && deletedAt === null,
    )
    const author = this.people[0]!
    const message = old.find(({ authorId }) => authorId === author.id)
    if (message) await author.deletes(message)
  }

  /** Somebody may be signed out meanwhile. */
  #does(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof Error && error.name === 'Refusal')) throw error
    })
  }

  #keeps(act: () => void, everyMs: number): void {
    this.time.after(this.#dice.below(2 * everyMs), () => {
      if (this.#isOver) return
      act()
      this.#keeps(act, everyMs)
    })
  }

  #shuffled<T>(items: T[]): T[] {
    return items
      .map((item) => ({ item, at: this.#dice.next() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ item }) => item)
  }
}

async function prepare(world: World, people: readonly Person[], { cellar, tower }: Pick<Parts, 'cellar' | 'tower'>): Promise<void> {
  const [alice, bob] = people as [Person, Person, ...Person[]]
  await world.operates('test.room', { ...cellar, kind: 'closed' })
  await world.operates('test.room', { ...tower, kind: 'open' })
  for (const person of people.slice(0, 3)) await person.does('room.join', { roomId: 'tower' })
  for (const { id: userId } of people.slice(0, 3))
    await world.operates('test.member', { roomId: 'cellar', userId, is: 'in', role: userId === alice.id ? 'owner' : 'member' })
  await Promise.all(Array.from({ length: MESSAGES_BEFORE }, (_, at) => (at % 2 ? alice : bob).post(`before ${at}`)))
  await Promise.all(Array.from({ length: NOTIFICATIONS_BEFORE }, (_, at) => world.notifies([alice.id, bob.id], { title: `before ${at}` })))
}
