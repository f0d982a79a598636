import { type WebSocket, WebSocketServer } from 'ws'

/** A chat as the documentation of `ws` suggests: a loop over all sockets. Started with the port. */
type Up = { t: 'follow'; room: string } | { t: 'post'; id: number; room: string; body: string }

const rooms = new Map<string, Set<WebSocket>>()
let people = 0
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: false })

server.on('connection', (socket) => {
  people += 1
  const from = people
  socket.on('message', (data) => hear({ socket, from }, JSON.parse(String(data)) as Up))
  socket.on('close', () => rooms.forEach((followers) => followers.delete(socket)))
  socket.on('error', () => socket.terminate())
})
// Its starter holds the other end, and ends it by letting go.
process.stdin.resume().once('end', () => process.exit())

function hear({ socket, from }: { socket: WebSocket; from: number }, up: Up): void {
  if (up.t === 'follow') {
    rooms.set(up.room, (rooms.get(up.room) ?? new Set()).add(socket))
    return socket.send('{"t":"following"}')
  }
  const message = Buffer.from(JSON.stringify({ t: 'message', room: up.room, from, at: Date.now(), body: up.body }))
  for (const follower of rooms.get(up.room) ?? []) follower.send(message, { binary: false })
  socket.send(JSON.stringify({ t: 'posted', id: up.id }))
}
