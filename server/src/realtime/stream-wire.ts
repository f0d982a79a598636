import type { Writable } from 'node:stream'
import { CLOSE, type CloseReason } from '@belfry/protocol/close-codes.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import { encode, type Frame } from './frames.ts'
import type { Wire } from './wire.ts'

/** A comment: proxies see that something comes, and clients that the stream lives. */
const PULSE = Buffer.from(':\n\n')
/** How long a reader may take for what was written before the end. As long as a WebSocket waits for its goodbye. */
const READS_END_WITHIN_MS = 30_000

/** Server-Sent Events. What they are written to has its head already; nothing is ever heard on it. */
export class StreamWire implements Wire {
  readonly out: Writable
  readonly pulse = PULSE
  readonly only: Topic | null
  #isEnded = false

  /** `only`: of this topic alone, with positions as ids; null: every frame, as on a socket. */
  constructor(out: Writable, only: Topic | null = null) {
    this.out = out
    this.only = only
    out.on('error', () => out.destroy())
  }

  get isOpen(): boolean {
    return !this.#isEnded && !this.out.destroyed
  }

  bytesOf(frame: Frame): Buffer | null {
    if (this.only === null) return frame.forStream
    return frame.topic === this.only ? frame.forTopicStream : null
  }

  pause(): void {}

  resume(): void {}

  /** An HTTP answer has no close code: the last frame says it. */
  close(reason: CloseReason | null): void {
    this.#isEnded = true
    const cut = setTimeout(() => this.cut(), READS_END_WITHIN_MS)
    this.onClose(() => clearTimeout(cut))
    if (reason !== null) this.out.write(encode({ t: 'close', code: CLOSE[reason], reason }).forStream)
    this.out.end()
  }

  cut(): void {
    this.out.destroy()
  }

  onClose(run: () => void): void {
    this.out.once('close', run)
  }
}
