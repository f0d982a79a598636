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

export class SocketWire implements Wire {
  readonly out: Duplex
  readonly #ws: WebSocket

  constructor({ ws, socket }: { ws: WebSocket; socket: Duplex }) {
    this.out = socket
    this.#ws = ws
  }

  get pulse(): null {
    return null
  }

  get only(): null {
    return null
  }

  get isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN
  }

  bytesOf(frame: Frame): Buffer {
    return frame.forSocket
  }

  pause(): void {
    this.#ws.pause()
  }

  resume(): void {
    this.#ws.resume()
  }

  close(reason: CloseReason | null): void {
    if (reason === null) this.#ws.close()
    else this.#ws.close(CLOSE[reason], reason)
  }

  cut(): void {
    this.#ws.terminate()
  }

  onClose(run: () => void): void {
    this.#ws.once('close', run)
  }
}
