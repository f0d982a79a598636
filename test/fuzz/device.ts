import { type Belfry, connect, keepInMemory, type RoomHandle } from '@belfry/client/belfry.ts'
import type { Device as Session, Person, World } from '#server/test/world.ts'
import type { Dice } from '#bench/src/dice.ts'
import type { Network, Proxy } from './network.ts'
import { PageLife } from './page-life.ts'
import type { Time } from './time.ts'
import { type Truth, Witness } from './witness.ts'

export const ROOMS = ['general', 'cellar'] as const
export type RoomName = (typeof ROOMS)[number]

/** Some hold less than a snapshot brings, and let go of what is far from the reader all the time. */
const HELD_MAX = [30, 90, 600] as const
/** People send each other links to what was just said, mostly. */
const LINKS_SENT = 15

const BUSY_AND_QUIET = [
  [3, 'general'],
  [1, 'cellar'],
] as const

const EMOJI = ['👍', '🎉', '👀'] as const

/** What the storm is made of. */
export interface Surroundings {
  dice: Dice
  time: Time
  network: Network
  world: World
  truth: Truth
  people: readonly Person[]
  /** Which commands were sent. */
  used: Set<string>
  /** Ids of messages that somebody has seen. */
  links: Set<string>
  /** Long texts, so that sockets fill and frames come in parts. */
  isHeavy: boolean
}

/** One browser of one person, with the real SDK. */
export class Device {
  readonly person: Person
  readonly name: string
  readonly witness: Witness
  /** Ids as they were posted, by room. */
  readonly posted: Record<RoomName, string[]> = { general: [], cellar: [] }
  readonly discarded = new Set<string>()
  /** Deleted while they still waited to be posted. */
  readonly unposted = new Set<string>()
  readonly rang: string[] = []
  /** Nobody uses it any more. */
  isOver = false
  /** Nobody uses it now. */
  isIdle = false
  belfry: Belfry
  readonly #around: Surroundings
  readonly #keep = keepInMemory()
  /** Posted, and not kept yet: the next page posts it again. */
  readonly #unsafe = new Map<string, { room: RoomName; body: string }>()
  #page: PageLife
  readonly #woken = new Set<() => void>()
  #session: Session
  #count = 0
  #proxy: Proxy
  #isNetworkUp = true

  constructor(person: Person, session: Session, around: Surroundings & { name: string }) {
    this.person = person
    this.name = around.name
    this.#session = session
    this.#around = around
    this.#proxy = this.#anyProxy()
    this.witness = new Witness(
      { name: this.name, userId: person.id, isGuest: person.user.role === 'guest', device: () => this.#session },
      around,
    )
    this.#page = new PageLife(this.#keep, around)
    this.belfry = this.#connect()
  }

  room(name: RoomName): RoomHandle {
    return this.belfry.room(name)
  }

  posts(roomName: RoomName): void {
    const { isHeavy, dice } = this.#around
    const filler = isHeavy && dice.happens(0.6) ? 'x'.repeat(9_000 + dice.below(6_000)) : ''
    const names = dice.happens(0.3) ? dice.pick(['@alice', '@bob', '@carol @prachi', '@room', '@here']) : ''
    const body = `${this.name} ${++this.#count} ${names} ${filler}`
    const id = this.room(roomName).post(body)
    this.posted[roomName].push(id)
    this.#keepUntilSafe(id, { room: roomName, body })
  }

  /** Changes one of the person's own messages that this screen shows. */
  touches(roomName: RoomName, how: 'edit' | 'remove'): void {
    const own = this.room(roomName)
      .view.get()
      .items.filter((item) => item.authorId === this.person.id && item.state !== 'failed')
    if (own.length === 0) return
    const item = this.#around.dice.pick(own.slice(-8))
    if (how === 'edit')
      this.room(roomName).edit(item.id, `${this.name} edits ${++this.#count} ${this.#around.dice.pick(['', '@alice', '@bob'])}`)
    else {
      this.room(roomName).remove(item.id)
      if (item.n === null) this.unposted.add(item.id)
    }
  }

  /** Gives a message that this screen shows an emoji, or takes it back. What is refused or lost leaves no trace. */
  reacts(roomName: RoomName): void {
    const { dice } = this.#around
    const room = this.room(roomName)
    const items = room.view.get().items.filter(({ n }) => n !== null)
    if (items.length === 0) return
    const isOurs = ({ userIds }: { userIds: readonly string[] }) => userIds.includes(this.person.id)
    const own = items.flatMap(({ id, reactions }) => reactions.filter(isOurs).map(({ emoji }) => ({ id, emoji })))
    const { id, emoji } =
      own.length > 0 && dice.happens(0.3)
        ? dice.pick(own)
        : { id: dice.pick(items.slice(dice.happens(0.5) ? 0 : -5)).id, emoji: dice.pick(EMOJI) }
    const isThere = own.some((one) => one.id === id && one.emoji === emoji)
    void (isThere ? room.unreact(id, emoji) : room.react(id, emoji)).catch(() => null)
  }

  /** Reads a room to its end, or makes what it shows unread again. */
  reads(): void {
    const { dice } = this.#around
    const room = this.room(dice.weighted(BUSY_AND_QUIET))
    const numbers = room.view.get().items.flatMap(({ n }) => n ?? [])
    if (numbers.length === 0) return
    if (dice.happens(0.2)) room.unreadFrom(dice.pick(numbers))
    else room.readTo(numbers.at(-1)!)
  }

  marks(): void {
    const { dice } = this.#around
    const { inbox } = this.belfry
    const items = inbox.list(dice.pick(['all', 'unread', 'archived'] as const)).get().items
    if (items.length === 0) return
    const { id } = dice.pick(items.slice(0, 10))
    const to = dice.pick([{ read: true }, { read: true }, { read: false }, { archived: true }, { archived: false }, null])
    if (to) inbox.mark(id, to)
    else inbox.remove(id)
  }

  marksAll(): void {
    if (this.#around.dice.happens(0.7)) this.belfry.inbox.markAllRead()
    else this.belfry.inbox.markAllSeen()
  }

  scrolls(): void {
    const { dice } = this.#around
    const room = this.room(dice.weighted(BUSY_AND_QUIET))
    const pages = dice.weighted<() => Promise<unknown>>([
      [4, () => room.loadEarlier()],
      [4, () => room.loadLater()],
      [4, () => this.belfry.inbox.loadMore(dice.pick(['all', 'unread', 'archived'] as const))],
      [3, () => this.#jumps(room)],
    ])
    // A page that could not be loaded is asked for again by whoever scrolls.
    pages().catch(() => {})
  }

  /** Says where its reader is, so that what is far from there is let go of; or goes back to the newest. */
  settles(): void {
    const { dice } = this.#around
    const room = this.room(dice.weighted(BUSY_AND_QUIET))
    const { items } = room.view.get()
    if (dice.happens(0.3) || items.length === 0) room.showLatest()
    else room.reads(dice.pick(items).n)
  }

  /** To a message that this screen shows, or that somebody's link leads to. */
  #jumps(room: RoomHandle): Promise<unknown> {
    const { dice, links } = this.#around
    const { items } = room.view.get()
    for (const { id } of items) links.add(id)
    return room.showAround(dice.pick([...links].slice(dice.happens(0.3) ? 0 : -LINKS_SENT)) ?? 'nowhere')
  }

  types(roomName: RoomName): void {
    this.room(roomName).types()
  }

  /** Nobody uses it for a while, or somebody does again. */
  rests(): void {
    this.isIdle = !this.isIdle
    this.belfry.presence.setIdle(this.isIdle)
  }

  /** Whether its person is to be disturbed. */
  chooses(): void {
    const forMs = this.#around.dice.pick([null, 5_000, 3_600_000])
    this.belfry.setDoNotDisturb(forMs).catch(() => null)
  }

  /** Asks for what no screen holds by itself. */
  looksUp(): void {
    const { dice, links } = this.#around
    const roomId = dice.pick([...ROOMS, 'tower'])
    const id = dice.pick([...links, 'nowhere'])
    const asked = dice.pick<() => Promise<unknown>>([
      () => this.belfry.call('user.find', { query: dice.pick(['a', 'alice', 'bob']) }),
      () => this.belfry.call('user.list', { ids: this.#around.people.map((person) => person.id) }),
      () => this.belfry.call('member.list', { roomId }),
      () => this.belfry.call('message.list', { roomId, ids: [id] }),
      () => this.belfry.call('message.versions', { roomId, id }),
      () => this.belfry.call('session.list', {}),
    ])
    // Guests, and who is out, are refused.
    asked().catch(() => null)
  }

  /** Signs another one out; that may be lost. */
  async ends(other: Device): Promise<void> {
    await this.belfry.call('session.end-other', { id: other.#session.sessionId }).catch(() => null)
  }

  /** The page is loaded anew: what it kept is all that there is of it. */
  reloads(): void {
    this.#page.ends()
    this.belfry.close()
    this.rang.length = 0
    this.#page = new PageLife(this.#keep, this.#around)
    this.belfry = this.#connect()
    for (const [id, post] of this.#unsafe) {
      this.room(post.room).post(post.body, { id })
      this.#keepUntilSafe(id, post)
    }
  }

  /** Another network, on which WebSockets pass or do not. That what was connected stays so is no matter. */
  changesNetwork(): void {
    this.#proxy = this.#anyProxy()
    for (const isUp of [false, true]) {
      this.#isNetworkUp = isUp
      for (const wake of [...this.#woken]) wake()
    }
  }

  /** Signs out, and in again as the same person. */
  async signsInAgain(): Promise<void> {
    await this.belfry.call('session.end', {}).catch(() => null)
    // The account may have been disabled meanwhile.
    const session = await this.#around.world.signsIn(this.person.id).catch(() => null)
    if (!session || this.isOver) return
    this.#session = session
    this.reloads()
  }

  /** Gives up what was refused for good. */
  discards(): void {
    for (const name of ROOMS) {
      const { items, latest } = this.room(name).view.get()
      for (const item of new Set([...items, ...latest])) {
        if (item.state !== 'failed') continue
        if (item.wants === 'post') this.discarded.add(item.id)
        this.room(name).discard(item.id)
      }
    }
  }

  /** As the web page does. */
  #keepUntilSafe(id: string, post: { room: RoomName; body: string }): void {
    const { belfry } = this
    this.#unsafe.set(id, post)
    void belfry.whenSafe(id).then(() => this.belfry === belfry && this.#unsafe.delete(id))
  }

  #connect(): Belfry {
    const { time, dice, network } = this.#around
    const client = { observe: () => this.witness.watches(), proxy: () => this.#proxy }
    const world = {
      now: time.now,
      after: time.after,
      random: dice.next,
      WebSocket: network.socketsOf(client),
      fetch: network.fetchOf(client),
      isNetworkUp: () => this.#isNetworkUp,
      onWake: (wake: () => void) => {
        this.#woken.add(wake)
        return () => void this.#woken.delete(wake)
      },
      onHide: this.#page.onHide,
    }
    const belfry = connect({
      url: 'http://localhost',
      token: this.#session.token,
      account: this.person.id,
      keep: this.#page.keep,
      rooms: [...ROOMS],
      heldMax: dice.pick(HELD_MAX),
      world,
    })
    belfry.rooms.list.subscribe(() => {})
    belfry.presence.setIdle(this.isIdle)
    for (const { id } of this.#around.people) {
      belfry.presence.of(id).subscribe(() => {})
      belfry.people.ask(id)
    }
    belfry.inbox.onRing((notifications) => this.rang.push(...notifications.map(({ id }) => id)))
    return belfry
  }

  #anyProxy(): Proxy {
    return this.#around.dice.weighted([
      [6, 'passes'],
      [2, 'refuses'],
      [1, 'swallows'],
    ] as const)
  }
}
