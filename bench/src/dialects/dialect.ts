import type { RawSocket } from '#load/raw-socket.ts'

/** Who somebody is, and where they go. */
export interface Entry {
  token: string
  room: string
}

/** How one contestant is spoken to. */
export interface Dialect {
  path: string
  /** Signs in and comes to where it may post. */
  enter(socket: RawSocket, as: Entry): Promise<void>
  /** Enters and follows the room; resolves when every later message will be received. */
  follow(socket: RawSocket, as: Entry): Promise<void>
  /** A post; `id` comes back with its acknowledgement. */
  post(id: number, said: { room: string; body: string }): string
  /** The id of the post that this text acknowledges; null: it is something else that a sender is told. Throws when it was refused. */
  acknowledged(text: string): number | null
  /** Reads one room: the bodies of the messages that a text carries, in order. Throws where the server's own numbering has a hole. */
  roomReader(room: string): (text: string) => string[]
}
