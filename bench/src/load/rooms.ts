import type { Streams } from './streams.ts'

/** All rooms of a run, and what the followers of each must receive. */
export class Rooms {
  onComplete: (messages: number) => void = () => {}
  /** Messages that every follower of their room has received. */
  complete = 0
  readonly #rooms: Streams[]

  constructor(rooms: Streams[]) {
    this.#rooms = rooms
    for (const room of rooms) room.onComplete = (messages) => this.#completed(messages)
  }

  get count(): number {
    return this.#rooms.length
  }

  /** Messages that all followers together have received. */
  get deliveries(): number {
    return this.#sum('deliveries')
  }

  /** Different messages that came to anybody. */
  get messages(): number {
    return this.#sum('messages')
  }

  /** Bytes that one follower of each room has to read, together. */
  get bytes(): number {
    return this.#sum('bytes')
  }

  /** Where delays go, in microseconds, when they are wanted. */
  set delays(delays: number[] | null) {
    for (const room of this.#rooms) room.delays = delays
  }

  /** A follower of this room at this server. Answers what takes their bytes. */
  add(room: number, server: number): (bytes: Buffer) => void {
    return this.#rooms[room]!.add(server)
  }

  /** Throws unless every follower has received all that was posted in their room, so many messages a room, and nothing else. */
  requireAll(posted: number[]): void {
    for (const [at, room] of this.#rooms.entries()) room.requireAll(posted[at]!)
  }

  #sum(of: 'deliveries' | 'messages' | 'bytes'): number {
    return this.#rooms.reduce((total, room) => total + room[of], 0)
  }

  #completed(messages: number): void {
    this.complete += messages
    this.onComplete(messages)
  }
}
