import { roomTopic } from '@belfry/protocol/topics.ts'
import type { Place } from '@belfry/protocol/rows.ts'
import type { CallServer } from './call-server.ts'
import type { Following, TopicNews } from './follow.ts'
import type { Outbox } from './outbox.ts'
import type { WireRows } from './parts.ts'
import { Room } from './room.ts'
import { ListedRooms } from './rooms.ts'
import type { ServerClock } from './server-clock.ts'
import { Typing, type TypingParts } from './typing.ts'

/** So many rooms stay followed, those opened last; of the others the rows are let go of. */
export const ROOMS_OPEN_MAX = 16

/** What the rooms work with. */
interface Surroundings {
  /** Rooms that are followed for as long as the connection lasts. */
  always: readonly string[]
  heldMax: number
  following: Following
  outbox: Outbox
  clock: ServerClock
  signals: TypingParts
  call: CallServer
  /** The person's own id, or '' while it is not known. */
  ownId(): string
  /** The place in a room, as one's own topic has it. */
  place(roomId: string): Place | null
  after(ms: number, run: () => void): void
  /** A place in one's own topic, as an answer has it. */
  arranged(place: Place): void
  /** This topic is about to be followed no longer. */
  closing(topic: string): void
}

/** The rooms of one person: the list of them, and those that are followed. One that somebody looks at stays open. */
export class OpenRooms {
  readonly listed: ListedRooms
  /** The one opened last stands last. */
  readonly #open = new Map<string, Room>()
  readonly #around: Surroundings
  #epoch = ''

  constructor(around: Surroundings) {
    this.#around = around
    const { call, place, ownId, after, following } = around
    const changed = () => this.#open.forEach((room) => room.invalidate())
    this.listed = new ListedRooms({ call, place, ownId, after, changed, held: (roomId) => following.held(roomTopic(roomId)) })
  }

  open(roomId: string): Room {
    const room = this.#open.get(roomId) ?? this.#begin(roomId)
    this.#open.delete(roomId)
    this.#open.set(roomId, room)
    this.#closeOldest()
    return room
  }

  /** The connection is there. */
  welcomed(epoch: string): void {
    this.#epoch = epoch
    this.listed.welcomed(epoch)
    for (const room of this.#open.values()) room.welcomed()
  }

  /** The connection is gone. */
  lost(): void {
    for (const room of this.#open.values()) room.lost()
  }

  /** The page goes, perhaps for ever. */
  hid(): void {
    for (const room of this.#open.values()) room.marker.sayNow()
  }

  /** Somebody types there. */
  tookTyping({ topic, userId }: { topic: string; userId: string }): void {
    this.#open.get(topic.slice('room:'.length))?.tookTyping(userId)
  }

  took(roomId: string, news: TopicNews): void {
    // The room first: whoever looks at it because the list has changed shall see what the news made of it.
    this.#open.get(roomId)?.took(news)
    if (news.is === 'applied') this.listed.took(roomId, news)
    // A room that one could see is perhaps not there for one any more.
    else if (this.listed.find(roomId)) void this.listed.refresh()
  }

  /** One's own topic tells where one is a member: what was refused before that was known is asked for again [F7]. */
  tookPlaces(places: readonly Place[]): void {
    // The rooms first: what somebody reads because the list has changed was read after that.
    for (const { id } of places) this.#open.get(id)?.marker.tookPlace()
    this.listed.tookPlaces(places)
    for (const { id, endedAt } of places) if (endedAt === null) this.#around.following.askNow(roomTopic(id))
  }

  /** Its part of the outbox has changed. */
  update(roomId: string): void {
    this.#open.get(roomId)?.invalidate()
  }

  #begin(roomId: string): Room {
    const { following, outbox, clock, call, heldMax, ownId, after, signals } = this.#around
    const topic = following.follow(roomTopic(roomId))
    return new Room(roomId, {
      topic,
      typing: new Typing(roomId, signals),
      outbox,
      call,
      heldMax,
      after,
      newId: () => clock.newId(),
      ownId,
      listed: () => this.listed.find(roomId),
      unread: () => this.listed.unreadOf(roomId),
      answered: (rows) => this.#answered(roomId, rows),
      arranged: (row) => this.#around.arranged(row),
      seenPlace: () => this.#around.place(roomId),
    })
  }

  #closeOldest(): void {
    const spare = [...this.#open.values()].slice(0, -1).filter((room) => !room.isObserved && !this.#around.always.includes(room.id))
    for (const room of spare.slice(0, Math.max(0, this.#open.size - ROOMS_OPEN_MAX))) {
      this.#open.delete(room.id)
      this.#around.closing(roomTopic(room.id))
      this.#around.following.unfollow(roomTopic(room.id))
      room.closed()
    }
  }

  /** The rows of an answer come beside the stream [F6]; a new epoch closes every connection, so they are of this one's. */
  #answered(roomId: string, rows: WireRows): void {
    this.#around.following.held(roomTopic(roomId))?.besides(this.#epoch, rows)
    this.listed.took(roomId, { rows, by: 'answer' })
  }
}
