import type { RawSocket } from '#load/raw-socket.ts'

/** How one contestant is spoken to. */
export interface Dialect {
  path: string
  /** Signs in and comes to where it may post. */
  enter(socket: RawSocket, token: string): Promise<void>
  /** Enters and follows the room; resolves when every later message will be received. */
  follow(socket: RawSocket, token: string): Promise<void>
  /** A post; `id` comes back with its acknowledgement. */
  post(id: number, body: string): string
  /** The id of the post that this text acknowledges; null: it is something else that a sender is told. Throws when it was refused. */
  acknowledged(text: string): number | null
  /** Reads one room: the bodies of the messages that a text carries, in order. Throws where the server's own numbering has a hole. */
  roomReader(): (text: string) => string[]
}
