import type { Bump } from '@belfry/protocol/down.ts'
import type { Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import { type Gist, gistOf } from '#topics.ts'

/** Of more than these, those who watch are told no more than that something has changed [P4]. */
const MESSAGES_MAX = 200

/** What has happened in a topic since its watchers were last told. */
export class Digest {
  readonly #topic: Topic
  #prev: number | null = null
  #seq = 0
  /** By n, in their last state; null: not known any more. */
  #messages: Map<number, Gist[number]> | null = new Map()

  constructor(topic: Topic) {
    this.#topic = topic
  }

  add({ prev, seq, rows }: { prev: number; seq: number; rows: Rows }): void {
    this.#prev ??= prev
    this.#seq = seq
    for (const message of gistOf(rows)) this.#messages?.set(message[0], message)
    if (this.#messages && this.#messages.size > MESSAGES_MAX) this.#messages = null
  }

  /** More has happened than is told row by row. */
  lose({ prev, seq }: { prev: number; seq: number }): void {
    this.#prev ??= prev
    this.#seq = seq
    this.#messages = null
  }

  /** What there is to be told, once; null: nothing. */
  take(): Bump | null {
    if (this.#prev === null) return null
    const messages = this.#messages && [...this.#messages.values()]
    const bump: Bump = { t: 'bump', topic: this.#topic, prev: this.#prev, seq: this.#seq, messages }
    this.#prev = null
    this.#messages = new Map()
    return bump
  }
}
