import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { CLOSE, type CloseReason } from '@belfry/protocol/close-codes.ts'
import { FRAME_MAX_BYTES, HELLO_WITHIN_MS } from '@belfry/protocol/limits.ts'
import type { Hello, UpFrame } from '@belfry/protocol/up.ts'
import { type WebSocket, WebSocketServer } from 'ws'
import { parseFrame } from './receive.ts'
import { Strangers } from './strangers.ts'

export const SOCKET_PATH = '/api/v1/socket'

/** How long a stranger that is sent away may take to say goodbye. */
const GOODBYE_WITHIN_MS = 1_000

export interface Stranger {
  ws: WebSocket
  socket: Duplex
  request: IncomingMessage
}

/** What the frames of somebody who is known go to. */
export interface Greeted {
  receive(frame: UpFrame): void
  close(reason: CloseReason): void
}

export interface Doorkeeper {
  /** Whether a browser page of this origin may speak for its cookie. */
  isOurOrigin(request: IncomingMessage): boolean
  /** Where it comes from, as limits count it. */
  addressOf(request: IncomingMessage): string
  /** False while the server stops. */
  isOpen(): boolean
  /** A stranger has said hello. Answers what its further frames go to, or why it is sent away; null: it is gone already. */
  greet(stranger: Stranger, hello: Hello): Promise<Greeted | CloseReason | null>
  onFailure(failure: unknown): void
}

/** Owns the server's `upgrade` event: raw sockets are ours, so that finished frames can be written to them. Answers how to cut off who has not been greeted. */
export function acceptSockets(server: Server, doorkeeper: Doorkeeper): () => void {
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: FRAME_MAX_BYTES,
    perMessageDeflate: false,
    autoPong: false,
  })
  const strangers = new Strangers()

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', destroy)
    const address = doorkeeper.addressOf(request)
    const status = refusalStatus(doorkeeper, request, strangers.hasRoom(address))
    if (status) return turnAway(socket, status)
    strangers.add(socket, address)
    socket.once('close', gone)
    const onGreeted = () => {
      strangers.remove(socket)
      socket.off('close', gone)
    }
    wss.handleUpgrade(request, socket, head, (ws) => listen({ ws, socket, request }, doorkeeper, onGreeted))
  })
  return () => strangers.cut()

  function gone(this: Duplex): void {
    strangers.remove(this)
  }
}

function destroy(this: Duplex): void {
  this.destroy()
}

/** Without waiting for the other side's goodbye, which may never come. */
function turnAway(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}

function refusalStatus(doorkeeper: Doorkeeper, request: IncomingMessage, hasRoom: boolean): string | null {
  if (request.url?.split('?')[0] !== SOCKET_PATH) return '404 Not Found'
  if (!doorkeeper.isOurOrigin(request)) return '403 Forbidden'
  if (!doorkeeper.isOpen()) return '503 Service Unavailable'
  // No word of the node's own health, of which proxies take a 503.
  if (!hasRoom) return '429 Too Many Requests'
  return null
}

/** Who hears a socket's frames. */
interface Heard {
  by: Greeted
}

function listen(stranger: Stranger, doorkeeper: Doorkeeper, onGreeted: () => void): void {
  const greeted = (by: Greeted) => {
    heard.by = by
    onGreeted()
  }
  const heard: Heard = { by: receptionOf(stranger, doorkeeper, greeted) }
  hearFrames(stranger, heard)
}

/** What is kept of a socket for as long as it is there; of its request and its greeting nothing is: most are idle most of the time. */
function hearFrames({ ws, socket }: Pick<Stranger, 'ws' | 'socket'>, heard: Heard): void {
  ws.on('error', ignore)
  // Whoever pings and does not read gets no answers heaped up.
  ws.on('ping', (data) => void (socket.writableNeedDrain || ws.pong(data)))
  ws.on('message', (data, isBinary) => {
    if (ws.readyState !== ws.OPEN) return
    const frame = isBinary ? 'protocol' : parseFrame(String(data))
    if (typeof frame === 'string') heard.by.close(frame)
    else heard.by.receive(frame)
  })
}

/** ws closes with the right code by itself: 1009 for a frame too big, 1007 for what is no UTF-8. */
function ignore(): void {}

/** Frames that may come between hello and welcome; a client of ours sends none. */
const EARLY_FRAMES_MAX = 64

/** The first frame is hello, soon; what follows waits until it is greeted, in order. */
function receptionOf(stranger: Stranger, doorkeeper: Doorkeeper, greeted: (by: Greeted) => void): Greeted {
  const { ws } = stranger
  const late = setTimeout(() => ws.terminate(), HELLO_WITHIN_MS)
  const early: UpFrame[] = []
  const stopTheClock = () => clearTimeout(late)
  let receive = hear
  let to: Greeted = { receive: (frame) => receive(frame), close: (reason) => sendAway(ws, reason) }
  ws.on('close', stopTheClock)
  return to

  function hear(frame: UpFrame): void {
    if (frame.t !== 'hello') return to.close('protocol')
    stopTheClock()
    ws.off('close', stopTheClock)
    receive = wait
    void greet(frame)
  }

  function wait(frame: UpFrame): void {
    if (early.push(frame) > EARLY_FRAMES_MAX) to.close('protocol')
  }

  async function greet(hello: Hello): Promise<void> {
    try {
      const greeting = await doorkeeper.greet(stranger, hello)
      if (greeting === null) return
      if (typeof greeting === 'string') return to.close(greeting)
      to = greeting
      greeted(greeting)
      for (const frame of early) to.receive(frame)
    } catch (error) {
      doorkeeper.onFailure(error)
      to.close('failed')
    }
  }
}

/** It is counted among the strangers until it is gone, so it is not waited for long. */
function sendAway(ws: WebSocket, reason: CloseReason): void {
  ws.close(CLOSE[reason], reason)
  const cut = setTimeout(() => ws.terminate(), GOODBYE_WITHIN_MS)
  ws.once('close', () => clearTimeout(cut))
}
