import type { Input, Result } from '@belfry/protocol/commands.ts'
import type { Member, Place, Room } from '@belfry/protocol/rows.ts'
import type { CallServer } from './call-server.ts'
import { ConnectionLost } from './errors.ts'
import type { Observable } from './observable.ts'
import { source } from './observable.ts'
import type { WireRows } from './parts.ts'

export type ListedRoom = Result<'room.list'>['items'][number]

export interface Rooms {
  /** Asked for at each welcome and when the page is woken, from when somebody first listens or refreshes it. */
  readonly list: Observable<RoomList>
  /** Asks the server again; resolves when the answer is in the list, or could not be had. */
  refresh(): Promise<void>
  /** Makes a room, of which one is the owner; resolves with its id once it is in the list. Rejects with `RefusalError` or `ConnectionLost`. */
  create(room: NewRoom): Promise<string>
}

/** The rooms that one may see, in no order. `failed`: they could not be asked for, and none are known. */
export interface RoomList {
  is: 'loading' | 'ready' | 'failed'
  items: readonly ListedRoom[]
}

/** `id`: the same one again is the same room; made here unless it is given. */
export type NewRoom = Input<'room.create'>

/** What rows have told of one room. */
interface Told {
  room?: Room
  member?: Member
}

/** The list of rooms; what the rows of followed rooms tell since it was asked for is laid over it. */
export class ListedRooms implements Rooms {
  readonly list: Observable<RoomList>
  readonly #list = source<RoomList>({ is: 'loading', items: [] })
  readonly #call: CallServer
  readonly #changed: () => void
  #answer: readonly ListedRoom[] | null = null
  readonly #told = new Map<string, Told>()
  /** The last question; the answer to an earlier one says nothing any more. */
  #asked = 0
  #epoch = ''
  #isWanted = false

  constructor(call: CallServer, changed: () => void) {
    this.#call = call
    this.#changed = changed
    this.list = { get: this.#list.get, subscribe: (listener) => this.#listen(listener) }
  }

  find(roomId: string): ListedRoom | null {
    return this.#list.get().items.find(({ id }) => id === roomId) ?? null
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
      const { items } = await this.#call('room.list', {})
      if (asked === this.#asked) this.#answered(items)
    } catch (error) {
      // The next welcome asks again.
      if (error instanceof ConnectionLost || asked !== this.#asked) return
      if (!this.#answer) this.#set({ is: 'failed', items: [] })
    }
  }

  async create(room: NewRoom): Promise<string> {
    const { id } = await this.#call('room.create', room)
    await this.refresh()
    return id
  }

  /** Places in one's own topic say where one is a member: a list that says otherwise is old. */
  tookPlaces(places: readonly Place[]): void {
    const isIn = (roomId: string) => (this.find(roomId)?.role ?? null) !== null
    if (this.#answer && places.some(({ id, endedAt }) => (endedAt === null) !== isIn(id))) this.askAgain()
  }

  /** The connection is there. What rows of another epoch have told says nothing any more [F3]. */
  welcomed(epoch: string): void {
    if (epoch !== this.#epoch) this.#told.clear()
    this.#epoch = epoch
    this.askAgain()
  }

  /** No topic tells of rooms that are not followed: whoever comes back to the page sees those of now. */
  askAgain(): void {
    if (this.#isWanted) void this.refresh()
  }

  /** Rows of a followed room have come. */
  took(roomId: string, rows: WireRows, ownId: string): void {
    const told = this.#told.get(roomId) ?? {}
    const room = newest(
      told.room,
      rows.room?.find(({ id }) => id === roomId),
    )
    const member = newest(
      told.member,
      rows.member?.find(({ id }) => id === ownId),
    )
    if (room === told.room && member === told.member) return
    this.#told.set(roomId, { ...(room && { room }), ...(member && { member }) })
    this.#lay()
  }

  #answered(items: readonly ListedRoom[]): void {
    this.#answer = items
    const listed = new Set(items.map(({ id }) => id))
    for (const id of this.#told.keys()) if (!listed.has(id)) this.#told.delete(id)
    this.#lay()
  }

  #listen(listener: () => void): () => void {
    if (!this.#isWanted) void this.refresh()
    return this.#list.subscribe(listener)
  }

  #set(list: RoomList): void {
    this.#list.set(list)
    this.#changed()
  }

  #lay(): void {
    if (this.#answer) this.#set({ is: 'ready', items: this.#answer.map((room) => laidOver(room, this.#told.get(room.id))) })
  }
}

/** What a list says of a room that its row decides. */
export function aboutRoom({ name, description, kind, posting, archivedAt }: Room) {
  return { name, description, kind, posting, archivedAt }
}

function newest<Row extends { changed: number }>(known: Row | undefined, row: Row | undefined): Row | undefined {
  return known && (!row || row.changed <= known.changed) ? known : row
}

/** The answer says up to which seq of the room it is true. */
function laidOver(listed: ListedRoom, { room, member }: Told = {}): ListedRoom {
  return {
    ...listed,
    ...(room && room.changed > listed.seq && aboutRoom(room)),
    ...(member && member.changed > listed.seq && { role: member.endedAt === null ? member.role : null }),
  }
}
