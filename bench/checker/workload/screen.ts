import { type Belfry, connect, type RoomHandle, type TimelineItem } from '@belfry/client/belfry.ts'
import type { Dice } from '#dice.ts'
import type { Shown } from '#checker/record/journal.ts'
import type { Doors } from '#checker/record/doors.ts'
import { socketsOf } from '#checker/record/recorded-socket.ts'
import type { Recording } from '#checker/record/recording.ts'
import { digestOf, saidIn, saying } from '#checker/record/text.ts'

/** Where a client's sockets go the doors say. */
const NOWHERE = 'http://belfry.invalid'
const EMOJI = ['👍', '🎉', '👀']
/** People touch what was said lately. */
const LATELY = 12
/** Now and then somebody writes much, so that sockets fill and frames come in parts. */
const LONG_CHARS = 12_000
const LONG = 0.02

interface Sitting {
  token: string
  roomIds: readonly string[]
  doors: Doors
  dice: Dice
  /** Whether it also changes what its person wrote elsewhere. */
  isContested: boolean
}

/** One device of one person with the real SDK, and what its person does there. */
export class Screen {
  readonly recording: Recording
  readonly #belfry: Belfry
  readonly #dice: Dice
  readonly #roomIds: readonly string[]
  readonly #isContested: boolean
  /** What its person has edited or deleted: by id, in which room. */
  readonly #touched = new Map<string, string>()
  #count = 0

  constructor(recording: Recording, { token, roomIds, doors, dice, isContested }: Sitting) {
    this.recording = recording
    this.#dice = dice
    this.#roomIds = roomIds
    this.#isContested = isContested
    const world = { WebSocket: socketsOf(recording, doors), fetch: null }
    this.#belfry = connect({ url: NOWHERE, token, account: recording.userId, rooms: [...roomIds], world })
    this.#belfry.rooms.list.subscribe(() => {})
  }

  get isOver(): boolean {
    return this.#belfry.connection.get().is === 'ended'
  }

  /** Whether nothing waits to be sent any more. */
  get isQuiet(): boolean {
    return this.#belfry.connection.get().is === 'online' && this.#belfry.unsentChanges() === 0
  }

  acts(): void {
    const room = this.#belfry.room(this.#dice.pick(this.#roomIds))
    const dice = this.#dice
    dice.weighted<() => void>([
      [60, () => this.#posts(room)],
      [8, () => this.#edits(room)],
      [3, () => this.#removes(room)],
      [6, () => this.#reacts(room)],
      [8, () => this.#reads(room)],
      [6, () => this.#marks()],
      [3, () => room.types()],
      [2, () => void room.loadEarlier().catch(() => null)],
      [4, () => this.givesUp()],
    ])()
  }

  /** What was refused for good; also of messages that it does not show at present. */
  givesUp(): void {
    for (const roomId of this.#roomIds) {
      const room = this.#belfry.room(roomId)
      for (const { id, state } of room.view.get().latest) if (state === 'failed') room.discard(id)
    }
    for (const [id, roomId] of this.#touched) this.#belfry.room(roomId).discard(id)
  }

  retryNow(): void {
    this.#belfry.retryNow()
  }

  /** Writes down what it shows: where its reader is, and the newest. */
  shows(): void {
    const { journal } = this.recording
    for (const roomId of this.#roomIds) {
      const room = this.#belfry.room(roomId)
      this.#showsRoom(room)
      room.showLatest()
      this.#showsRoom(room)
    }
    const { inbox } = this.#belfry
    const { items, more } = inbox.list('all').get()
    journal.note({ is: 'counted', unread: inbox.view.get().counts.unread, ids: items.map(({ id }) => id), isWhole: !more })
  }

  close(): void {
    this.#belfry.close()
  }

  #showsRoom({ id: roomId, view }: RoomHandle): void {
    const { is, items, earlier, later } = view.get()
    this.recording.journal.note({ is: 'showed', roomId, view: is, isWhole: !earlier, isNewest: !later, items: items.map(shown) })
  }

  #posts(room: RoomHandle): void {
    if (room.view.get().is !== 'ready') return
    const said = saying(this.recording.name, ++this.#count)
    const more = this.#dice.happens(LONG) ? 'x'.repeat(this.#dice.below(LONG_CHARS)) : this.#dice.pick(['', 'hello', 'and so on', '🙂'])
    const id = room.post(`${said} ${more}`.trim())
    this.recording.journal.note({ is: 'wrote', id, roomId: room.id, said })
  }

  #edits(room: RoomHandle): void {
    const item = this.#ownOf(room)
    if (item) room.edit(item.id, `${saidIn(item.body) ?? ''} edited ${this.recording.name} ${++this.#count}`)
  }

  #removes(room: RoomHandle): void {
    const item = this.#ownOf(room)
    if (item) room.remove(item.id)
  }

  /** One of its person's messages that stands, and that nothing is waiting to be done to. */
  #ownOf(room: RoomHandle): TimelineItem | null {
    const { userId, name } = this.recording
    const isOurs = ({ authorId, body }: TimelineItem) => authorId === userId && (this.#isContested || body.startsWith(`${name} `))
    const own = room.view.get().latest.filter((item) => item.state === 'sent' && isOurs(item))
    const item = own.length === 0 ? null : this.#dice.pick(own.slice(-LATELY))
    if (item) this.#touched.set(item.id, room.id)
    return item
  }

  #reacts(room: RoomHandle): void {
    const standing = room.view.get().latest.filter(({ state }) => state === 'sent')
    if (standing.length > 0) void room.react(this.#dice.pick(standing.slice(-LATELY)).id, this.#dice.pick(EMOJI)).catch(() => null)
  }

  #reads(room: RoomHandle): void {
    const last = room.view.get().latest.findLast(({ n }) => n !== null)
    if (last) room.readTo(last.n!)
  }

  #marks(): void {
    const { inbox } = this.#belfry
    const { items } = inbox.list('all').get()
    if (items.length === 0) return
    if (this.#dice.happens(0.1)) return inbox.markAllRead()
    inbox.mark(this.#dice.pick(items.slice(0, LATELY)).id, { read: this.#dice.happens(0.8) })
  }
}

function shown({ id, n, changed, body }: TimelineItem): Shown {
  return { id, n, changed, text: digestOf(body), said: saidIn(body) }
}
