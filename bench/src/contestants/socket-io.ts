import { findRedis } from '#programs/find-program.ts'
import { type Absent, alone, besideRedis, type Contestant, KEEPS_NOTHING, startPeer } from './contestant.ts'
import { versionOf } from './version.ts'

const NAME = `Socket.IO ${versionOf('socket.io')}`

export const socketIo: Contestant = {
  is: 'socket-io',
  name: NAME,
  dialect: 'socket-io',
  does: `${KEEPS_NOTHING}; connection state recovery is off, as it is by default. WebSocket only, no pings during a run.`,
  plays: () => true,
  start: () => alone(startPeer('socket-io.ts')),
}

/** As one runs it to have several nodes; here there is one. */
export function socketIoOverRedis(): Contestant | Absent {
  const name = `${NAME} over Redis`
  if (findRedis() === null) return { name, needs: 'redis-server' }
  return {
    is: 'socket-io-redis',
    name,
    dialect: 'socket-io',
    does: `the same with its Redis adapter ${versionOf('@socket.io/redis-adapter')}: each message also goes through a Redis, whose processor time is counted.`,
    plays: ({ part, followers }) => part === 'broadcast' && followers <= 1_000,
    start: () => besideRedis((url) => startPeer('socket-io.ts', { more: [url] })),
  }
}
