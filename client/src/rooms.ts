import { inShort } from '@belfry/protocol/bumps.ts'
import type { Input } from '@belfry/protocol/commands.ts'
import type { Place, Room } from '@belfry/protocol/rows.ts'
import type { Bump } from '@belfry/protocol/down.ts'
import { READ_ROOMS_MAX, UNREAD_MAX } from '@belfry/protocol/limits.ts'
import type { CallServer } from './call-server.ts'
import { againInMs, ConnectionLost } from './errors.ts'
import { type ListedRoom, listedNow, newest, type Told, USUAL_PLACE } from './listed-room.ts'
import type { Observable } from './observable.ts'
import { source } from './observable.ts'
import type { WireRows } from './parts.ts'
import type { Topic } from './topic.ts'
import { bumped, countHeld, type Unread } from './unread.ts'

export interface Rooms {
  /** Asked for at each welcome and when the page is woken, from when somebody first listens or refreshes it. */
  readonly list: Observable<RoomList>
  /** Asks the server again; resolves when the answer is in the list, or could not be had. */
  refresh(): Promise<void>
  /** Makes a room, of which one is the owner; resolves with its id once it is in the list. Rejects with `RefusalError` or `ConnectionLost`. */
  create(room: NewRoom): Promise<string>
  /** The conversation with these people, a new one where there is none; resolves and rejects like `create`. */
  openDirect(people: readonly string[]): Promise<string>
  /** Reads all rooms as far as this screen was told of them, with what rang there: what arrives meanwhile stays unread. Rejects like `create`. */
  markAllRead(): Promise<void>
}

/** The rooms that one may see, in no order. `failed`: they could not be asked for, and none are known. */
export interface RoomList {
  is: 'loading' | 'ready' | 'failed'
  items: readonly ListedRoom[]
  /** Whether the server has said which there are; until then those that an earlier page has kept are listed. */
  isWhole: boolean
}

/** `id`: the same one again is the same room; made here unless it is given. */
export type NewRoom = Input<'room.create'>

/** What the list works with. */
export interface RoomsParts {
  call: CallServer
  /** What is held of a room that is followed. */
  held(roomId: string): Topic | null
  /** The place in a room, as one's own topic has it. */
  place(roomId: string): Place | null
  ownId(): string
  after(ms: number, run: () => void): void
  changed(): void
}

/** When the list is found to be old, it is asked for after so long: more may be found meanwhile. */
const ASK_AGAIN_AFTER_MS = 300

/** The list of rooms; what the rows of followed rooms tell since it was asked for is laid over it. */
export class ListedRooms implements Rooms {
  readonly list: Observable<RoomList>
  readonly #list = source<RoomList>({ is: 'loading', items: [], isWhole: false })
  readonly #parts: RoomsParts
  /** By room, of those in which one is a member. */
  readonly #unread = new Map<string, Unread>()
  /** How far the rooms that are followed were told. */
  readonly #positions = new Map<string, number>()
  /** How far the server has told of rooms by bumps: an answer that is older is asked for again. */
  readonly #heardOf = new Map<string, number>()
  #isToAsk = false
  #answer: readonly ListedRoom[] | null = null
  readonly #told = new Map<string, Told>()
  #asked = 0
  /** The last question whose answer was taken; that to an earlier one says nothing any more. */
  #used = 0
  #epoch = ''
  #isWanted = false

  constructor(parts: RoomsParts) {
    this.#parts = parts
    this.list = { get: this.#list.get, subscribe: (listener) => this.#listen(listener) }
  }

  find(roomId: string): ListedRoom | null {
    return this.#list.get().items.find(({ id }) => id === roomId) ?? null
  }

  /** What is unread of a room; null: one is no member, or it is not known yet. */
  unreadOf(roomId: string): Unread | null {
    return this.#unread.get(roomId) ?? null
  }

  /** Rooms that an earlier page has kept: those are listed until the server has answered. */
  expect(rooms: readonly ListedRoom[]): void {
    if (this.#answer || rooms.length === 0) return
    this.#answer = rooms
    this.#lay()
  }

  async refresh(): Promise<void> {
    const asked = ++this.#asked
    this.#isWanted = true
    try {
      const { items } = await this.#parts.call('room.list', {})
      if (asked <= this.#used) return
      this.#used = asked
      this.#answered(items.map((room) => ({ ...room, ...USUAL_PLACE })))
    } catch (error) {
      // The next welcome asks again.
      if (error instanceof ConnectionLost || asked < this.#used) return
      if (!this.#answer) this.#set({ is: 'failed', items: [], isWhole: false })
      const inMs = againInMs(error)
      if (inMs !== null) this.#askIn(inMs)
    }
  }

  async create(room: NewRoom): Promise<string> {
    const { id } = await this.#parts.call('room.create', room)
    await this.refresh()
    return id
  }

  async openDirect(people: readonly string[]): Promise<string> {
    const { id } = await this.#parts.call('direct.open', { people: [...people] })
    await this.refresh()
    return id
  }

  async markAllRead(): Promise<void> {
    const unread = this.#list.get().items.filter((room) => room.unread > 0 || room.mentions > 0)
    const rooms = unread.map(({ id, posted }) => ({ roomId: id, readTo: posted }))
    for (let at = 0; at < rooms.length; at += READ_ROOMS_MAX)
      await this.#parts.call('room.read-all', { rooms: rooms.slice(at, at + READ_ROOMS_MAX) })
  }

  /** Places in one's own topic say where one is a member: a list that says otherwise is old. */
  tookPlaces(places: readonly Place[]): void {
    const isIn = (roomId: string) => (this.find(roomId)?.role ?? null) !== null
    if (this.#answer && places.some(({ id, endedAt }) => (endedAt === null) !== isIn(id))) this.askAgain()
    for (const { id } of places) this.#count(id)
    if (places.length > 0) this.#show()
  }

  /** The connection is there. What rows of another epoch have told says nothing any more [F3]. */
  welcomed(epoch: string): void {
    if (epoch !== this.#epoch) for (const known of [this.#told, this.#unread]) known.clear()
    this.#heardOf.clear()
    this.#epoch = epoch
    this.askAgain()
  }

  /** No topic tells of rooms that are not followed: whoever comes back to the page sees those of now. */
  askAgain(): void {
    if (this.#isWanted) void this.refresh()
  }

  /** Rows of a followed room have come. */
  took(roomId: string, { rows, by }: { rows: WireRows; by: 'snapshot' | 'change' | 'answer' }): void {
    const hasFollowedOn = by === 'change' && this.#followOn(roomId, rows)
    if (this.#count(roomId) || hasFollowedOn) this.#show()
    this.#took(roomId, rows)
  }

  /** Where the rows that are held do not reach down to the marker, a change goes on from what is known. */
  #followOn(roomId: string, rows: WireRows): boolean {
    const [at, position, before] = [this.#unread.get(roomId), this.#parts.held(roomId)?.position, this.#positions.get(roomId)]
    if (!position) return false
    this.#positions.set(roomId, position.seq)
    if (!at || before === undefined) return false
    const messages = (rows.message ?? []).map(inShort)
    const next = bumped(at, { prev: before, seq: position.seq, messages }, this.#parts.ownId())
    return next !== null && this.#setUnread(roomId, next)
  }

  #took(roomId: string, rows: Pick<WireRows, 'room' | 'member'>): void {
    const told = this.#told.get(roomId) ?? {}
    // Who is in a conversation the list tells.
    const isOld = rows.member?.some(({ changed }) => changed > (this.#listedAs(roomId, 'direct')?.seq ?? Infinity)) ?? false
    const kind = (told.room ?? this.#answer?.find(({ id }) => id === roomId))?.kind
    const room = newest(
      told.room,
      rows.room?.find(({ id }) => id === roomId),
    )
    const member = newest(
      told.member,
      rows.member?.find(({ id }) => id === this.#parts.ownId()),
    )
    // Who sees other messages than before has others unread.
    const isOtherwise = kind !== undefined && room !== undefined && room.kind !== kind
    if (isOld || isOtherwise) this.#askSoon()
    if (room === told.room && member === told.member) return
    this.#told.set(roomId, { ...(room && { room }), ...(member && { member }) })
    this.#lay()
  }

  #listedAs(roomId: string, kind: Room['kind']): ListedRoom | null {
    const listed = this.#answer?.find(({ id }) => id === roomId)
    return listed?.kind === kind ? listed : null
  }

  /** A room that is not followed has changed. */
  tookBump(bump: Bump): void {
    const roomId = bump.topic.slice('room:'.length)
    const at = this.#unread.get(roomId)
    const next = at ? bumped(at, bump, this.#parts.ownId()) : null
    this.#heardOf.set(roomId, bump.seq)
    this.#took(roomId, bump.rows)
    if (next && this.#setUnread(roomId, next)) this.#show()
    if (at && !next) this.#askSoon()
  }

  #answered(items: readonly ListedRoom[]): void {
    this.#answer = items
    const listed = new Set(items.map(({ id }) => id))
    for (const id of this.#told.keys()) if (!listed.has(id)) this.#told.delete(id)
    for (const id of this.#unread.keys()) if (!listed.has(id)) this.#unread.delete(id)
    for (const { id, seq, posted, readTo, unread: count } of items) {
      if (readTo === null) this.#unread.delete(id)
      if (readTo !== null && seq >= (this.#unread.get(id)?.seq ?? 0)) this.#unread.set(id, { seq, posted, readTo, count })
      this.#count(id)
    }
    if (items.some(({ id, seq }) => seq < (this.#heardOf.get(id) ?? 0))) this.#askSoon()
    this.#lay()
  }

  /** Among the rows that are held, where they tell; otherwise what is known goes on, or is asked for again. Whether something else is to be shown now. */
  #count(roomId: string): boolean {
    const place = this.#parts.place(roomId)
    // One is no member any more.
    if (place && place.endedAt !== null) return this.#unread.delete(roomId)
    const at = this.#unread.get(roomId)
    const readTo = place?.readTo ?? at?.readTo
    if (readTo === undefined) return false
    const topic = this.#parts.held(roomId)
    if (topic?.position) this.#positions.set(roomId, topic.position.seq)
    const held = topic && countHeld(topic, { readTo, ownId: this.#parts.ownId() })
    if (held && held.seq >= (at?.seq ?? 0)) return this.#setUnread(roomId, held)
    if (!at) {
      // One is a member, and the list does not say so yet.
      if (place && this.#answer) this.#askSoon()
      return false
    }
    // Another marker: what lies behind it only the server knows. Of seq 0, so that its answer is taken whatever came meanwhile.
    const hasMoved = at.readTo !== readTo
    if (hasMoved) this.#setUnread(roomId, { ...at, seq: 0, readTo, count: readTo >= at.posted ? 0 : at.count })
    const isOld = (topic?.position?.seq ?? 0) > at.seq && at.count < UNREAD_MAX
    if (isOld || hasMoved) this.#askSoon()
    return hasMoved
  }

  /** Whether something else is to be shown now. */
  #setUnread(roomId: string, next: Unread): boolean {
    const before = this.#unread.get(roomId)
    this.#unread.set(roomId, next)
    return before?.count !== next.count || before.readTo !== next.readTo || before.posted !== next.posted
  }

  #show(): void {
    if (this.#answer) this.#lay()
    else this.#parts.changed()
  }

  #askSoon(): void {
    if (this.#isWanted) this.#askIn(ASK_AGAIN_AFTER_MS)
  }

  #askIn(ms: number): void {
    if (this.#isToAsk) return
    this.#isToAsk = true
    this.#parts.after(ms, () => {
      this.#isToAsk = false
      void this.refresh()
    })
  }

  #listen(listener: () => void): () => void {
    if (!this.#isWanted) void this.refresh()
    return this.#list.subscribe(listener)
  }

  #set(list: RoomList): void {
    this.#list.set(list)
    this.#parts.changed()
  }

  #lay(): void {
    if (!this.#answer) return
    const items = this.#answer.map((room) =>
      listedNow(room, { told: this.#told.get(room.id), unread: this.#unread.get(room.id), place: this.#parts.place(room.id) }),
    )
    this.#set({ is: 'ready', items, isWhole: this.#used > 0 })
  }
}
