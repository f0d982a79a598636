import { now, readStamp } from './body.ts'
import { frameAt } from './frames.ts'

/** Little: there may be many rooms. */
const FIRST_BYTES = 64 * 1024
const BYTES_MAX = 1024 * 1024 * 1024

/** A frame of the stream: where it ends, what it carries, and how many followers have not received it yet. */
interface StreamFrame {
  end: number
  /** When its messages were sent, microseconds. */
  sentAt: number[]
  missing: number
}

/** One receiver: how far into the stream it has come. */
export interface Follower {
  bytes: number
  frames: number
}

/**
 * What every follower of one room must receive: the very same bytes in the same order. Whoever is ahead writes them down, and they are
 * parsed and checked once; for everybody else they are compared. So each byte at each follower is checked, for the price of a comparison.
 */
export class Stream {
  /** Messages that all followers together have received. */
  deliveries = 0
  /** Messages that every follower has received. */
  complete = 0
  /** Where delays go, in microseconds, when they are wanted. */
  delays: number[] | null = null
  onComplete: (messages: number) => void = () => {}
  readonly #followers: Follower[] = []
  readonly #frames: StreamFrame[] = []
  readonly #bodiesOf: (text: string) => string[]
  readonly #lastOf = new Map<number, number>()
  #log = Buffer.allocUnsafe(FIRST_BYTES)
  #end = 0
  #parsed = 0
  #messages = 0

  /** `bodiesOf`: the messages that a frame carries, in order; throws where the server's own numbering has a hole. */
  constructor(bodiesOf: (text: string) => string[]) {
    this.#bodiesOf = bodiesOf
  }

  /** Different messages so far. */
  get messages(): number {
    return this.#messages
  }

  /** Bytes that one follower has to read. */
  get bytes(): number {
    return this.#end
  }

  /** Nobody may be added once something was received. Answers what takes the follower's bytes. */
  add(): (bytes: Buffer) => void {
    const follower: Follower = { bytes: 0, frames: 0 }
    this.#followers.push(follower)
    return (bytes) => this.#receive(follower, bytes)
  }

  /** Throws unless every follower has received all of these many messages, and nothing else. */
  requireAll(messages: number): void {
    if (this.#messages !== messages) throw new Error(`${messages} messages were posted, but ${this.#messages} were received.`)
    const behind = this.#followers.filter((follower) => follower.bytes !== this.#end)
    if (behind.length > 0) throw new Error(`${behind.length} of ${this.#followers.length} followers did not receive everything.`)
    if (this.#parsed !== this.#end) throw new Error('Half a frame came after the last message.')
  }

  #receive(follower: Follower, bytes: Buffer): void {
    const known = Math.min(this.#end - follower.bytes, bytes.length)
    if (known > 0 && this.#log.compare(bytes, 0, known, follower.bytes, follower.bytes + known) !== 0) {
      throw new Error(
        `Follower ${this.#followers.indexOf(follower)} received something else than the others, after ${follower.frames} frames.`,
      )
    }
    if (known < bytes.length) this.#append(bytes.subarray(known))
    follower.bytes += bytes.length
    this.#count(follower)
  }

  #append(bytes: Buffer): void {
    const end = this.#end + bytes.length
    if (end > this.#log.length) this.#grow(end)
    bytes.copy(this.#log, this.#end)
    this.#end = end
    for (let frame = frameAt(this.#log, this.#parsed, end); frame; frame = frameAt(this.#log, this.#parsed, end)) {
      this.#read(this.#log.toString('utf8', frame.from, frame.to), frame.to)
      this.#parsed = frame.to
    }
  }

  #grow(bytes: number): void {
    if (bytes > BYTES_MAX) throw new Error('One run received more than the generator can remember.')
    const log = Buffer.allocUnsafe(Math.max(bytes, this.#log.length * 2))
    this.#log.copy(log, 0, 0, this.#end)
    this.#log = log
  }

  /** Each sender's messages come exactly once and in the order in which it sent them. */
  #read(text: string, end: number): void {
    const stamps = this.#bodiesOf(text).map(readStamp)
    for (const { sender, number } of stamps) {
      const last = this.#lastOf.get(sender) ?? 0
      if (number !== last + 1) throw new Error(`After message ${last} of sender ${sender} came ${number}.`)
      this.#lastOf.set(sender, number)
    }
    this.#messages += stamps.length
    this.#frames.push({ end, sentAt: stamps.map((stamp) => stamp.sentAt), missing: this.#followers.length })
  }

  #count(follower: Follower): void {
    for (let frame = this.#frames[follower.frames]; frame && frame.end <= follower.bytes; frame = this.#frames[follower.frames]) {
      follower.frames += 1
      this.deliveries += frame.sentAt.length
      if (this.delays) noteDelays(this.delays, frame.sentAt)
      frame.missing -= 1
      if (frame.missing === 0) this.#completed(frame)
    }
  }

  #completed(frame: StreamFrame): void {
    this.complete += frame.sentAt.length
    this.onComplete(frame.sentAt.length)
  }
}

function noteDelays(delays: number[], sentAt: number[]): void {
  const receivedAt = now()
  for (const at of sentAt) delays.push(receivedAt - at)
}
