import type { Duplex, Writable } from 'node:stream'
import { CLOSE, type CloseReason } from '@belfry/protocol/close-codes.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { WebSocket } from 'ws'
import type { Frame } from './frames.ts'

/** What carries a connection's frames: a WebSocket, or an HTTP answer that does not end. */
export interface Wire {
  /** What is written to; how much waits there to be read counts [P3]. */
  readonly out: Writable
  /** False once a close was said or heard: nothing may follow it. */
  readonly isOpen: boolean
  /** The one topic that it tells of; null: of all that its connection follows. */
  readonly only: Topic | null
  /** Says nothing, but that the server is there, to whom cannot ask for it; null: the other side pings. */
  readonly pulse: Buffer | null
  /** A frame as it goes over this wire, the same bytes for all of its kind [P1]; null: it is not for this one. */
  bytesOf(frame: Frame): Buffer | null
  pause(): void
  resume(): void
  /** Says why, behind all that was written. Null: that was said already. */
  close(reason: CloseReason | null): void
  /** Without a word. */
  cut(): void
  onClose(run: () => void): void
}

export function socketWire({ ws, socket }: { ws: WebSocket; socket: Duplex }): Wire {
  return {
    out: socket,
    pulse: null,
    only: null,
    get isOpen() {
      return ws.readyState === ws.OPEN
    },
    bytesOf: (frame) => frame.forSocket,
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    close: (reason) => (reason === null ? ws.close() : ws.close(CLOSE[reason], reason)),
    cut: () => ws.terminate(),
    onClose: (run) => void ws.once('close', run),
  }
}
