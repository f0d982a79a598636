/** A chat by the topics that Bun's server has built in, in the language of ws-loop.ts. Run by Bun, with the port. */
declare const Bun: {
  serve(options: {
    hostname: string
    port: number
    fetch(request: Request): Response | undefined
    websocket: Record<string, unknown> & { message(socket: BunSocket, text: string): void }
  }): BunServer
}

interface BunServer {
  upgrade(request: Request, options: { data: { from: number } }): boolean
  publish(topic: string, text: string): number
}

interface BunSocket {
  data: { from: number }
  subscribe(topic: string): void
  send(text: string): void
}

type Up = { t: 'follow'; room: string } | { t: 'post'; id: number; room: string; body: string }

/** What a reader has not taken yet is dropped at a bound: here at none that could be reached. */
const WAITING_MAX_BYTES = 1024 ** 3
const NEVER = 0

let people = 0
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.argv[2]),
  fetch(request) {
    people += 1
    return server.upgrade(request, { data: { from: people } }) ? undefined : new Response(null, { status: 400 })
  },
  websocket: { message: hear, backpressureLimit: WAITING_MAX_BYTES, idleTimeout: NEVER, sendPings: false, perMessageDeflate: false },
})
// Its starter holds the other end, and ends it by letting go.
process.stdin.resume().once('end', () => process.exit())

function hear(socket: BunSocket, text: string): void {
  const up = JSON.parse(text) as Up
  if (up.t === 'follow') {
    socket.subscribe(up.room)
    return socket.send('{"t":"following"}')
  }
  const message = { t: 'message', room: up.room, from: socket.data.from, at: Date.now(), body: up.body }
  server.publish(up.room, JSON.stringify(message))
  socket.send(JSON.stringify({ t: 'posted', id: up.id }))
}
