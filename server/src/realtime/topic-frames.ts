import type { Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { TopicSnapshot } from '#topics.ts'
import type { Missed } from './catch-up.ts'
import { encode, encodeRows, type Frame } from './frames.ts'

/** What is told of one topic, ready to be written. */
export class TopicFrames {
  readonly #topic: Topic
  readonly #epoch: string

  constructor(topic: Topic, epoch: string) {
    this.#topic = topic
    this.#epoch = epoch
  }

  missed(seq: number, missed: Missed): Frame[] {
    if (missed.is === 'snapshot') return this.snapshot(seq, missed.snapshot)
    const change = missed.prev < seq ? this.change({ ...missed, seq }) : []
    return [...change, this.#live(seq)]
  }

  change({ prev, seq, rows }: { prev: number; seq: number; rows: Rows }): Frame[] {
    return encodeRows({ t: 'change', topic: this.#topic, prev, seq, rows }, this.#epoch)
  }

  snapshot(seq: number, { rows, windows }: TopicSnapshot): Frame[] {
    const at = { topic: this.#topic, epoch: this.#epoch, seq }
    return [...encodeRows({ t: 'snapshot', ...at, rows, windows }, this.#epoch), this.#live(seq)]
  }

  #live(seq: number): Frame {
    return encode({ t: 'live', topic: this.#topic, epoch: this.#epoch, seq })
  }
}
