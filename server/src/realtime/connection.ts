import type { Writable } from 'node:stream'
import type { CloseReason } from '@belfry/protocol/close-codes.ts'
import type { DownFrame } from '@belfry/protocol/down.ts'
import { STREAM_PULSE_EVERY_MS } from '@belfry/protocol/limits.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { Follower } from '#topics.ts'
import type { TopicPosition } from './catch-up.ts'
import type { Bundle } from './bundle.ts'
import { encode, type Frame } from './frames.ts'
import { Requests } from './requests.ts'
import type { Outgoing, Sender } from './send.ts'
import type { Wire } from './wire.ts'

/** Beyond this its topics stop being sent, until it has drained [P3]. */
const BEHIND_BYTES = 1024 * 1024
/** Beyond this it is told nothing fleeting: that is the first to go [P3]. */
const SIGNALS_END_BYTES = 64 * 1024
/** What it asked for is not begun while it is behind; whoever gets so much all the same, and does not read it, is cut off [P4]. */
const UNREAD_BYTES_MAX = 32 * 1024 * 1024

/** An authenticated socket or stream, with what it follows. */
export class Connection implements Outgoing {
  readonly id: string
  readonly follower: Follower
  readonly out: Writable
  collected: Bundle | null = null
  isUrgent = false
  /** What it follows, or is about to: the bound of P4 counts these. */
  readonly topics = new Set<Topic>()
  /** Topics that are not sent at present, and how far it was told: it follows them again once it has drained [P3]. */
  readonly behind = new Map<Topic, TopicPosition>()
  /** Topics of which it is told in short, unless it follows them too; they count for no bound: they are as many as its person's rooms. */
  readonly watched = new Set<Topic>()
  /** Those of them that changed while it read too slowly. */
  readonly unbumped = new Set<Topic>()
  readonly requests = new Requests(() => this.isOpen && !this.isSlow)
  /** It has read all that waited for it. */
  onDrained: () => void = () => {}
  /** Whether its device is in use. */
  attendance: 'online' | 'away' = 'online'
  heardAt: number
  #callsWaiting = 0
  #whenAllAnswered: () => void = () => {}
  readonly #wire: Wire
  readonly #sender: Sender
  #behindSince: number | null = null
  #pulsedAt: number

  constructor(who: { id: string; follower: Follower; now: number }, to: { wire: Wire; sender: Sender }) {
    this.id = who.id
    this.follower = who.follower
    this.heardAt = this.#pulsedAt = who.now
    this.#wire = to.wire
    this.#sender = to.sender
    this.out = to.wire.out
    this.out.on('drain', () => this.onDrained())
  }

  /** The one topic that it was opened for. */
  get only(): Topic | null {
    return this.#wire.only
  }

  get isOpen(): boolean {
    return this.#wire.isOpen
  }

  /** How many of its calls wait for their answers. */
  get callsWaiting(): number {
    return this.#callsWaiting
  }

  tookCall(): void {
    this.#callsWaiting += 1
  }

  answeredCall(): void {
    this.#callsWaiting -= 1
    if (this.#callsWaiting === 0) this.#whenAllAnswered()
  }

  /** Resolves as soon as no call waits for its answer. */
  async allAnswered(): Promise<void> {
    if (this.#callsWaiting > 0) await new Promise<void>((resolve) => (this.#whenAllAnswered = resolve))
  }

  send(frame: DownFrame): void {
    this.sendEncoded(encode(frame))
  }

  /** `news`: it may wait for more, where more is near. */
  sendEncoded(frame: Frame, what: 'news' | 'urgent' = 'urgent'): void {
    // Whether it is open is asked once, when it is written.
    const bytes = this.#wire.bytesOf(frame)
    if (bytes !== null) this.#add(bytes, what)
  }

  /** Who cannot speak counts as heard while it takes what it is sent: so it is sent a sign of life. */
  pulse(now: number): void {
    const { pulse } = this.#wire
    if (pulse === null || now - this.#pulsedAt < STREAM_PULSE_EVERY_MS || !this.isOpen) return
    this.#pulsedAt = now
    if (this.out.writableLength > 0) return
    this.heardAt = now
    this.#add(pulse, 'urgent')
  }

  #add(bytes: Buffer, what: 'news' | 'urgent'): void {
    if (this.#unreadBytes + bytes.length > UNREAD_BYTES_MAX) this.cut()
    else this.#sender.add(this, bytes, what)
  }

  /** A wire that took everything at once says no `drain`. */
  written(): void {
    const isHeldUp = this.#behindSince !== null || this.requests.isWaiting || this.unbumped.size > 0
    if (isHeldUp && !this.out.writableNeedDrain) this.onDrained()
  }

  /** Whether more waits to be read by it than it should; its topics then fall behind. */
  get isSlow(): boolean {
    return this.#unreadBytes > BEHIND_BYTES
  }

  /** Whether it can be told something fleeting now. Streams are told nothing of the kind: they can say nothing either. */
  get takesSignals(): boolean {
    return this.isOpen && this.#wire.pulse === null && this.#unreadBytes <= SIGNALS_END_BYTES
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
    this.#wire.pause()
  }

  /** It has read everything. Answers what it was behind with, to be followed again from there. */
  drained(): [Topic, TopicPosition][] {
    const topics = [...this.behind]
    this.behind.clear()
    this.#behindSince = null
    this.#wire.resume()
    this.requests.next()
    return topics
  }

  /** A farewell would wait behind all that is not read. */
  cut(): void {
    this.collected = null
    this.#wire.cut()
  }

  /** All frames go out before the close, also those that wait for others. Null: the last of them says why. */
  close(reason: CloseReason | null): void {
    if (!this.isOpen) return
    this.#sender.flush()
    this.#wire.close(reason)
  }

  get #unreadBytes(): number {
    return this.out.writableLength + (this.collected?.byteLength ?? 0)
  }
}
