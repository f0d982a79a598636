import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { CLOSE, type CloseReason } from '@belfry/protocol/close-codes.ts'
import { FRAME_MAX_BYTES, HELLO_WITHIN_MS } from '@belfry/protocol/limits.ts'
import type { Hello, UpFrame } from '@belfry/protocol/up.ts'
import { type WebSocket, WebSocketServer } from 'ws'
import { parseFrame } from './receive.ts'

export const SOCKET_PATH = '/api/v1/socket'

/** Sockets that have not said hello yet; beyond that new ones are turned away with 503. */
const STRANGERS_MAX = 2_000

export interface Stranger {
  ws: WebSocket
  socket: Duplex
  request: IncomingMessage
}

export interface Doorkeeper {
  /** Whether a browser page of this origin may speak for its cookie. */
  isOurOrigin(request: IncomingMessage): boolean
  /** False while the server stops. */
  isOpen(): boolean
  /** A stranger has said hello; answers what its further frames go to, or why it is sent away. */
  greet(stranger: Stranger, hello: Hello): Promise<((frame: UpFrame) => void) | CloseReason>
  onFailure(failure: unknown): void
}

/** Owns the server's `upgrade` event: raw sockets are ours, so that finished frames can be written to them. Answers how to cut off who has not been greeted. */
export function acceptSockets(server: Server, doorkeeper: Doorkeeper): () => void {
  const wss = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: FRAME_MAX_BYTES, perMessageDeflate: false, autoPong: false })
  const strangers = new Set<Duplex>()

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const status = refusalStatus(doorkeeper, request, strangers.size)
    if (status) return turnAway(socket, status)
    strangers.add(socket)
    socket.once('close', () => strangers.delete(socket))
    wss.handleUpgrade(request, socket, head, (ws) => listen({ ws, socket, request }, doorkeeper, () => strangers.delete(socket)))
  })
  return () => strangers.forEach((socket) => socket.destroy())
}

/** Without waiting for the other side's goodbye, which may never come. */
function turnAway(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}

function refusalStatus(doorkeeper: Doorkeeper, request: IncomingMessage, strangers: number): string | null {
  if (request.url?.split('?')[0] !== SOCKET_PATH) return '404 Not Found'
  if (!doorkeeper.isOurOrigin(request)) return '403 Forbidden'
  if (!doorkeeper.isOpen() || strangers >= STRANGERS_MAX) return '503 Service Unavailable'
  return null
}

/** Frames that may come between hello and welcome; a client of ours sends none. */
const EARLY_FRAMES_MAX = 64

/** The first frame is hello, soon; what follows waits until it is greeted, in order. */
function listen(stranger: Stranger, doorkeeper: Doorkeeper, greeted: () => void): void {
  const { ws } = stranger
  const late = setTimeout(() => close(ws, 'protocol'), HELLO_WITHIN_MS)
  const early: UpFrame[] = []
  let onFrame: (frame: UpFrame) => void = hear

  ws.on('error', () => {}) // ws closes with the right code by itself: 1009 for a frame too big, 1007 for what is no UTF-8.
  ws.on('close', () => clearTimeout(late))
  // Whoever pings and does not read gets no answers heaped up.
  ws.on('ping', (data) => void (stranger.socket.writableNeedDrain || ws.pong(data)))
  ws.on('message', (data, isBinary) => {
    const frame = isBinary ? 'protocol' : parseFrame(String(data))
    if (typeof frame === 'string') close(ws, frame)
    else if (ws.readyState === ws.OPEN) onFrame(frame)
  })

  function hear(frame: UpFrame): void {
    if (frame.t !== 'hello') return close(ws, 'protocol')
    clearTimeout(late)
    onFrame = wait
    void greet(frame)
  }

  function wait(frame: UpFrame): void {
    if (early.push(frame) > EARLY_FRAMES_MAX) close(ws, 'protocol')
  }

  async function greet(hello: Hello): Promise<void> {
    try {
      const greeting = await doorkeeper.greet(stranger, hello)
      if (typeof greeting === 'string') return close(ws, greeting)
      greeted()
      onFrame = greeting
      for (const frame of early) greeting(frame)
    } catch (error) {
      doorkeeper.onFailure(error)
      close(ws, 'failed')
    }
  }
}

function close(ws: WebSocket, reason: CloseReason): void {
  ws.close(CLOSE[reason], reason)
}
