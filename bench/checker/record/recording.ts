import type { DownFrame, Reply } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import type { Call, UpFrame } from '@belfry/protocol/up.ts'
import type { FrameBook } from './frame-book.ts'
import type { Journal } from './journal.ts'
import { Positions } from './positions.ts'
import { digestOf } from './text.ts'
import { seenMessage, type Told } from './told.ts'

/** What all recordings of a run share. */
export interface Tape {
  frames: FrameBook
  tally: Tally
  /** Milliseconds since the run began. */
  now(): number
  /** A client that lost its connection at this time is live again. */
  cameBack(lostMs: number): void
}

/** What is counted while a run goes on. */
export interface Tally {
  /** Rows told to clients: messages and notifications. */
  deliveries: number
  acknowledged: number
  refused: Map<string, number>
}

const OF_ROWS = /^\{"t":"(?:change|snapshot|bump)"/

/** Sees every frame of one client, whatever the connection, and writes down what the judge has to know. */
export class Recording {
  readonly name: string
  readonly userId: string
  readonly sessionId: string
  readonly journal: Journal
  readonly #tape: Tape
  /** Of the connection that it has now. */
  #positions = new Positions()
  /** Topics that its hello has named, and that are not live yet. */
  #awaited = new Set<string>()
  #isLive = false
  #epoch: string | null = null
  #lostAt: number | null = null

  constructor(of: { name: string; userId: string; sessionId: string }, journal: Journal, tape: Tape) {
    this.name = of.name
    this.userId = of.userId
    this.sessionId = of.sessionId
    this.journal = journal
    this.#tape = tape
  }

  /** Everything that its hello has named has caught up. */
  get isLive(): boolean {
    return this.#isLive
  }

  get positions(): Positions {
    return this.#positions
  }

  opened(door: number): void {
    this.#positions = new Positions()
    this.#isLive = false
    this.journal.note({ is: 'opened', ms: this.#tape.now(), door })
  }

  closed(code: number): void {
    if (this.#isLive) this.#lostAt = this.#tape.now()
    this.#isLive = false
    this.journal.note({ is: 'closed', code })
  }

  sent(frame: UpFrame): void {
    if (frame.t === 'call') return this.#called(frame)
    if (frame.t === 'follow') return this.#follows([[frame.topic, frame.seq ?? null]])
    if (frame.t !== 'hello') return
    const from = frame.positions.map(([topic, , seq]): [string, number | null] => [topic, seq ?? null])
    this.#awaited = new Set([userTopic(this.userId), ...from.map(([topic]) => topic)])
    this.#follows(from)
  }

  /** Answers what the frame told of a topic, and whether it fits to what came before; null: it told of none. */
  told(text: string): { told: Told; becomes: 'taken' | 'a hole' } | null {
    if (!OF_ROWS.test(text)) {
      this.#toldElse(downFrameIn(text))
      return null
    }
    const { number, told } = this.#tape.frames.take(text)
    this.journal.note(number)
    this.#tape.tally.deliveries += told.rows.length
    return { told, becomes: this.#positions.take(told) }
  }

  #toldElse(frame: DownFrame): void {
    if (frame.t === 'welcome') this.#welcomed(frame.epoch)
    if (frame.t === 'reply') this.#answered(frame)
    if (frame.t === 'unfollowed') this.#unfollowed(frame.topic)
    if (frame.t === 'live') this.#caughtUp(frame.topic)
  }

  /** From a position of another epoch nobody goes on [F8]. */
  #welcomed(epoch: string): void {
    if (epoch !== this.#epoch) this.#positions = new Positions()
    this.#epoch = epoch
    this.journal.note({ is: 'welcomed', epoch })
  }

  #unfollowed(topic: string): void {
    this.#positions.leaves(topic)
    this.journal.note({ is: 'unfollowed', topic })
    this.#caughtUp(topic)
  }

  #caughtUp(topic: string): void {
    if (!this.#awaited.delete(topic) || this.#awaited.size > 0) return
    this.#isLive = true
    if (this.#lostAt !== null) this.#tape.cameBack(this.#lostAt)
    this.#lostAt = null
  }

  #follows(from: [topic: string, seq: number | null][]): void {
    for (const [topic, seq] of from) this.#positions.follows(topic, seq)
    this.journal.note({ is: 'follows', from: Object.fromEntries(from) })
  }

  #called({ id: call, name, input }: Call): void {
    const { roomId = '', id = '', body } = (input ?? {}) as { roomId?: string; id?: string; body?: string }
    this.journal.note({ is: 'called', call, name, roomId, id, text: body === undefined ? '' : digestOf(body) })
  }

  #answered({ id: call, result, refusal }: Reply): void {
    const { tally } = this.#tape
    const code = refusal?.code ?? null
    if (code === null) tally.acknowledged += 1
    else tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1)
    this.journal.note({ is: 'answered', call, code, isDuplicate: isDuplicate(result), rows: messagesIn(result).map(seenMessage) })
  }
}

function isDuplicate(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'duplicate' in result
}

/** An answer is a message, or a page of them, or neither. */
function messagesIn(result: unknown): Message[] {
  if (typeof result !== 'object' || result === null) return []
  const all: object[] = 'items' in result && Array.isArray(result.items) ? result.items : [result]
  return all.filter((one): one is Message => 'body' in one && 'n' in one && 'roomId' in one)
}
