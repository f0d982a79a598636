import type { Duplex } from 'node:stream'
import { CLOSE, type CloseReason } from '@belfry/protocol/close-codes.ts'
import type { DownFrame } from '@belfry/protocol/down.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { WebSocket } from 'ws'
import type { Follower } from '#topics.ts'
import type { TopicPosition } from './catch-up.ts'
import { encode, type Frame } from './frames.ts'
import { Requests } from './requests.ts'
import type { Outgoing, Sender } from './send.ts'

/** Beyond this its topics stop being sent, until it has drained [P3]. */
const BEHIND_BYTES = 1024 * 1024
/** What it asked for is not begun while it is behind; whoever gets so much all the same, and does not read it, is cut off [P4]. */
const UNREAD_BYTES_MAX = 32 * 1024 * 1024

/** An authenticated socket with what it follows. */
export class Connection implements Outgoing {
  readonly id: string
  readonly follower: Follower
  readonly socket: Duplex
  readonly frames: Frame[] = []
  /** What it follows, or is about to: the bound of P4 counts these. */
  readonly topics = new Set<Topic>()
  /** Topics that are not sent at present, and how far it was told: it follows them again once it has drained [P3]. */
  readonly behind = new Map<Topic, TopicPosition>()
  readonly requests = new Requests(() => this.isOpen && !this.isSlow)
  /** It has read all that waited for it. */
  onDrained: () => void = () => {}
  heardAt: number
  callsWaiting = 0
  readonly #ws: WebSocket
  readonly #sender: Sender
  #behindSince: number | null = null
  /** Of {@link frames}, which the socket does not count yet. */
  #collectedBytes = 0

  constructor(who: { id: string; follower: Follower; now: number }, to: { ws: WebSocket; socket: Duplex; sender: Sender }) {
    this.id = who.id
    this.follower = who.follower
    this.heardAt = who.now
    this.socket = to.socket
    this.#ws = to.ws
    this.#sender = to.sender
    to.socket.on('drain', () => this.onDrained())
  }

  get isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN
  }

  send(frame: DownFrame): void {
    this.sendEncoded(encode(frame))
  }

  sendEncoded(frame: Frame): void {
    if (!this.isOpen) return
    this.#collectedBytes = frame.length + (this.frames.length === 0 ? 0 : this.#collectedBytes)
    if (this.#unreadBytes > UNREAD_BYTES_MAX) this.#cut()
    else this.#sender.add(this, frame)
  }

  /** A socket that took everything at once says no `drain`. */
  written(): void {
    const isHeldUp = this.#behindSince !== null || this.requests.isWaiting
    if (isHeldUp && !this.socket.writableNeedDrain) this.onDrained()
  }

  /** Whether more waits to be read by it than it should; its topics then fall behind. */
  get isSlow(): boolean {
    return this.#unreadBytes > BEHIND_BYTES
  }

  fallBehind(topic: Topic, from: { position: TopicPosition; now: number }): void {
    this.behind.set(topic, from.position)
    this.#behindSince ??= from.now
  }

  /** Since when it has been behind, or not heard because of what it does not read; epoch milliseconds, null: it is not. */
  get behindSince(): number | null {
    return this.#behindSince
  }

  /** Hears no more until it has read what waits for it: answers to its own calls are no way around the bound [P4]. */
  pauseWhenSlow(now: number): void {
    if (!this.isSlow) return
    this.#behindSince ??= now
    this.#ws.pause()
  }

  /** It has read everything. Answers what it was behind with, to be followed again from there. */
  drained(): [Topic, TopicPosition][] {
    const topics = [...this.behind]
    this.behind.clear()
    this.#behindSince = null
    this.#ws.resume()
    this.requests.next()
    return topics
  }

  /** A farewell would wait behind all that is not read. */
  #cut(): void {
    this.frames.length = 0
    this.#ws.terminate()
  }

  /** All frames go out before the close, also those of this turn. */
  close(reason: CloseReason): void {
    if (!this.isOpen) return
    this.#sender.flush()
    this.#ws.close(CLOSE[reason], reason)
  }

  get #unreadBytes(): number {
    return this.socket.writableLength + (this.frames.length === 0 ? 0 : this.#collectedBytes)
  }
}
