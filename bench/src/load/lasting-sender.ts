import type { DownFrame, Reply } from '@belfry/protocol/down.ts'
import { REFUSALS, type RefusalCode } from '@belfry/protocol/refusals.ts'
import type { Call } from '@belfry/protocol/up.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { now, stampedBody } from './body.ts'
import { type Ends, LastingConnection } from './lasting-connection.ts'

/** When the refusal does not say. */
const SEND_AGAIN_MS = 500

/** How it posts. */
interface Posting {
  /** Its name in the stamps of its messages. */
  name: number
  room: string
  everyMs: number
}

/** Posts steadily, one message at a time; what was not answered, or may be said again, it sends again with the same id [W3] [W8]. */
export class LastingSender {
  /** Stored messages: each was acknowledged. */
  acknowledged = 0
  readonly connection: LastingConnection
  readonly #how: Posting
  #waiting: Call | null = null
  #postedAt = 0
  #isOver = false

  constructor(ends: Ends, how: Posting) {
    this.#how = how
    this.connection = new LastingConnection(ends, { positions: () => [], took: (frame) => this.#take(frame) })
  }

  /** Whether all that it has begun to post is stored. */
  get isDone(): boolean {
    return this.#waiting === null
  }

  post(): void {
    if (this.#isOver) return
    const { name, room } = this.#how
    const number = this.acknowledged + 1
    const body = stampedBody({ sender: name, number, sentAt: now() })
    this.#waiting = { t: 'call', id: number, name: 'message.post', input: { roomId: room, id: uuidv7(), body } }
    this.#postedAt = performance.now()
    this.#send()
  }

  /** Posts nothing new any more. */
  stop(): void {
    this.#isOver = true
  }

  #send(): void {
    if (this.#waiting && this.connection.isWelcome) this.connection.send(this.#waiting)
  }

  #take(frame: DownFrame): void {
    if (frame.t === 'welcome') this.#send()
    // What was said twice is answered twice.
    if (frame.t === 'reply' && frame.id === this.#waiting?.id) this.#answered(frame)
  }

  #answered({ refusal }: Reply): void {
    if (refusal) return this.#refused(refusal)
    this.acknowledged += 1
    this.#waiting = null
    setTimeout(() => this.post(), Math.max(0, this.#postedAt + this.#how.everyMs - performance.now()))
  }

  #refused({ code, retryAfterMs }: NonNullable<Reply['refusal']>): void {
    if (!REFUSALS[code as RefusalCode].again) throw new Error(`Belfry refused a message: ${code}.`)
    setTimeout(() => this.#send(), retryAfterMs ?? SEND_AGAIN_MS)
  }
}
