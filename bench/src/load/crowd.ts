import type { Dialect } from '#dialects/dialect.ts'
import type { Job } from './job.ts'
import { RawSocket } from './raw-socket.ts'
import { Sender } from './sender.ts'
import { Streams } from './streams.ts'

/** Connections that are opened at the same time. */
const OPENING_MAX = 50

/** Everybody who takes part in a run. */
export interface Crowd {
  streams: Streams
  senders: Sender[]
  close(): void
}

/** How many, and where. */
export type Gathering = Pick<Job, 'ports' | 'tokens' | 'followers' | 'senders'>

/** Connects them all; resolves when every follower will receive whatever is posted from here on. */
export async function gather(dialect: Dialect, { ports, tokens, followers, senders }: Gathering): Promise<Crowd> {
  const sockets = await inTurns(tokens.slice(0, followers + senders), async (token, at) => {
    const socket = await RawSocket.open({ port: ports[at % ports.length]!, path: dialect.path })
    await (at < followers ? dialect.follow(socket, token) : dialect.enter(socket, token))
    return socket
  })
  const streams = new Streams(Math.min(ports.length, followers), () => dialect.roomReader())
  for (const [at, socket] of sockets.slice(0, followers).entries()) socket.receive(streams.add(at % ports.length))
  return {
    streams,
    senders: sockets.slice(followers).map((socket, at) => new Sender(at, { dialect, socket })),
    close() {
      for (const socket of sockets) socket.close()
    },
  }
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
