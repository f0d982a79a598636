import type { Dialect } from '#dialects/dialect.ts'
import type { Job } from './job.ts'
import { RawSocket } from './raw-socket.ts'
import { Rooms } from './rooms.ts'
import { Sender } from './sender.ts'
import { Streams } from './streams.ts'

/** Connections that are opened at the same time. */
const OPENING_MAX = 50

/** Everybody who takes part in a run. */
export interface Crowd {
  rooms: Rooms
  senders: Sender[]
  close(): void
}

/** How many, and where. */
export type Gathering = Pick<Job, 'ports' | 'tokens' | 'rooms' | 'followers' | 'senders'>

/** Connects them all; resolves when every follower will receive whatever is posted from here on. */
export async function gather(dialect: Dialect, { ports, tokens, rooms, followers, senders }: Gathering): Promise<Crowd> {
  const roomOf = (at: number) => at % rooms.length
  const sockets = await inTurns(tokens.slice(0, followers + senders), async (token, at) => {
    const socket = await RawSocket.open({ port: ports[at % ports.length]!, path: dialect.path, from: addressOf(at) })
    const as = { token, room: rooms[roomOf(at)]! }
    await (at < followers ? dialect.follow(socket, as) : dialect.enter(socket, as))
    return socket
  })
  const servers = Math.min(ports.length, followers)
  const followed = new Rooms(rooms.map((room) => new Streams(servers, () => dialect.roomReader(room))))
  for (const [at, socket] of sockets.slice(0, followers).entries()) socket.receive(followed.add(roomOf(at), at % ports.length))
  const posting = sockets.slice(followers).map((socket, at) => ({ dialect, socket, room: roomOf(followers + at) }))
  return {
    rooms: followed,
    senders: posting.map(({ room, ...by }, at) => new Sender(at, { ...by, room: { at: room, id: rooms[room]! } })),
    close() {
      for (const socket of sockets) socket.close()
    },
  }
}

/** Everybody from an address of their own: servers bound how many come from one, and one has only so many ports. */
export function addressOf(at: number): string {
  return `127.0.${1 + Math.floor(at / 250)}.${1 + (at % 250)}`
}

/** Lets everybody come, a few at a time. */
export async function inTurns<T>(tokens: string[], comes: (token: string, at: number) => Promise<T>): Promise<T[]> {
  const come: T[] = []
  const waiting = tokens.entries()
  const takeTurns = async () => {
    for (const [at, token] of waiting) come[at] = await comes(token, at)
  }
  await Promise.all(Array.from({ length: OPENING_MAX }, takeTurns))
  return come
}
