import type { RawSocket } from '#load/raw-socket.ts'
import type { Dialect } from './dialect.ts'

/** Socket.IO's own text packets over its WebSocket transport: 0 open, 40 connect, 42 event, 43 acknowledgement. */
export const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  enter,
  async follow(socket, { room }) {
    await enter(socket)
    const following = socket.heard((text) => text === '430[]')
    socket.send(`420${JSON.stringify(['follow', room])}`)
    await following
  },
  post: (id, { room, body }) => `42${id}${JSON.stringify(['post', room, body])}`,
  acknowledged: (text) => Number(packet(text, '43').replace('[]', '')),
  roomReader: () => (text) => [(JSON.parse(packet(text, '42')) as [string, { body: string }])[1].body],
}

async function enter(socket: RawSocket): Promise<void> {
  const opened = socket.heard((text) => text.startsWith('0'))
  await opened
  const connected = socket.heard((text) => text.startsWith('40'))
  socket.send('40')
  await connected
}

function packet(text: string, kind: string): string {
  if (!text.startsWith(kind)) throw new Error(`Socket.IO sent something else: ${text.slice(0, 200)}`)
  return text.slice(kind.length)
}
