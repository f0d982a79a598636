import { createServer } from 'node:http'
import { Server } from 'socket.io'

/** A chat as the documentation of Socket.IO suggests: one room, and acknowledgements. Started with the port. */
const PINGS_NEVER_MS = 600_000

const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false, pingInterval: PINGS_NEVER_MS, pingTimeout: PINGS_NEVER_MS })
let people = 0

io.on('connection', (socket) => {
  people += 1
  const from = people
  socket.on('follow', async (acknowledge: () => void) => {
    await socket.join('general')
    acknowledge()
  })
  socket.on('post', (body: string, acknowledge: () => void) => {
    io.to('general').emit('message', { from, at: Date.now(), body })
    acknowledge()
  })
})
// Its starter holds the other end, and ends it by letting go.
process.stdin.resume().once('end', () => process.exit())
http.listen(Number(process.argv[2]), '127.0.0.1')
