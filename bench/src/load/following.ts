import type { Change, DownFrame } from '@belfry/protocol/down.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import type { Position } from '@belfry/protocol/up.ts'
import type { Book } from './book.ts'

/** What one follower of a room was told, over however many connections. Throws unless that is every message once, in order, and by changes alone. */
export class Following {
  /** Messages. */
  told = 0
  readonly topic: string
  readonly #book: Book
  readonly #held = new Map<string, { epoch: string; seq: number }>()
  readonly #parts = new Map<string, Change[]>()

  /** `room`: one in which nothing was said before. */
  constructor(room: string, book: Book) {
    this.topic = roomTopic(room)
    this.#book = book
  }

  /** From where the next connection goes on. What was cut off in the middle of a change is told again. */
  begin(): Position[] {
    this.#parts.clear()
    const positions = [...this.#held].map(([topic, { epoch, seq }]): Position => [topic, epoch, seq])
    return positions.length > 0 ? positions : [[this.topic]]
  }

  take(frame: DownFrame): void {
    if (frame.t === 'unfollowed') throw new Error(`Belfry does not let it follow: ${JSON.stringify(frame)}`)
    if (frame.t === 'snapshot' && frame.topic === this.topic && this.#held.has(this.topic))
      throw new Error('A follower was told a snapshot in place of what it had missed.')
    if (frame.t === 'change') this.#takePart(frame)
    if (frame.t === 'live') this.#becomeLive(frame)
  }

  /** Parts are gathered, and applied together. */
  #takePart(change: Change): void {
    const { topic, part: [at, of] = [0, 1] } = change
    const parts = [...(this.#parts.get(topic) ?? []), change]
    if (at < of - 1) return void this.#parts.set(topic, parts)
    this.#parts.delete(topic)
    this.#takeSeq(change)
    if (topic === this.topic) for (const one of parts) this.#takeMessages(one)
  }

  #takeSeq({ topic, prev, seq }: Change): void {
    const held = this.#held.get(topic)
    if (held?.seq !== prev) throw new Error(`Of ${topic} a follower stands at ${held?.seq}, and was told of a change after ${prev}.`)
    held.seq = seq
  }

  #takeMessages({ rows }: Change): void {
    for (const { n, body } of rows.message ?? []) {
      if (n !== this.told + 1) throw new Error(`After message ${this.told} of the room a follower was told ${n}.`)
      this.#book.take(n, body)
      this.told = n
    }
  }

  #becomeLive({ topic, epoch, seq }: { topic: string; epoch: string; seq: number }): void {
    const held = this.#held.get(topic)
    if (topic === this.topic && held && held.seq !== seq)
      throw new Error(`A follower that stands at ${held.seq} was told that it is live at ${seq}.`)
    this.#held.set(topic, { epoch, seq })
  }
}
