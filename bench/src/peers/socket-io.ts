import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'

/** A chat as the documentation of Socket.IO suggests: rooms, and acknowledgements. Started with the port, and the address of a Redis where several would share the people. */
const PINGS_NEVER_MS = 600_000

const [port, redisUrl] = process.argv.slice(2)
const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false, pingInterval: PINGS_NEVER_MS, pingTimeout: PINGS_NEVER_MS })
if (redisUrl) io.adapter(createAdapter(new Redis(redisUrl), new Redis(redisUrl)))
let people = 0

io.on('connection', (socket) => {
  people += 1
  const from = people
  socket.on('follow', async (room: string, acknowledge: () => void) => {
    await socket.join(room)
    acknowledge()
  })
  socket.on('post', (room: string, body: string, acknowledge: () => void) => {
    io.to(room).emit('message', { room, from, at: Date.now(), body })
    acknowledge()
  })
})
// Its starter holds the other end, and ends it by letting go.
process.stdin.resume().once('end', () => process.exit())
http.listen(Number(port), '127.0.0.1')
