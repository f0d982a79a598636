import type { Bump } from '@belfry/protocol/down.ts'
import type { Member, Room, Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import { type Gist, gistOf } from '#topics.ts'

/** Of more messages, or more other rows, those who watch are told no more than that something has changed [P4]. */
const ROWS_MAX = 200

/** What has happened in a topic since its watchers were last told. */
export class Digest {
  readonly #topic: Topic
  #prev: number | null = null
  #seq = 0
  #isTooMuch = false
  /** In their last state: by n, and by id. */
  readonly #messages = new Map<number, Gist['messages'][number]>()
  readonly #rooms = new Map<string, Room>()
  readonly #members = new Map<string, Member>()

  constructor(topic: Topic) {
    this.#topic = topic
  }

  add({ prev, seq, rows }: { prev: number; seq: number; rows: Rows }): void {
    this.#prev ??= prev
    this.#seq = seq
    if (this.#isTooMuch) return
    const gist = gistOf(rows)
    for (const message of gist.messages) this.#messages.set(message[0], message)
    for (const room of gist.rows.room ?? []) this.#rooms.set(room.id, room)
    for (const member of gist.rows.member ?? []) this.#members.set(member.id, member)
    this.#isTooMuch = this.#messages.size > ROWS_MAX || this.#members.size > ROWS_MAX
  }

  /** More has happened than is told row by row. */
  lose({ prev, seq }: { prev: number; seq: number }): void {
    this.#prev ??= prev
    this.#seq = seq
    this.#isTooMuch = true
  }

  /** What there is to be told, once; null: nothing. */
  take(): Bump | null {
    if (this.#prev === null) return null
    const where = { t: 'bump' as const, topic: this.#topic, prev: this.#prev, seq: this.#seq }
    const bump = this.#isTooMuch ? { ...where, messages: null, rows: {} } : { ...where, ...this.#told() }
    this.#prev = null
    this.#isTooMuch = false
    for (const rows of [this.#messages, this.#rooms, this.#members]) rows.clear()
    return bump
  }

  #told(): Pick<Bump, 'messages' | 'rows'> {
    const [room, member] = [[...this.#rooms.values()], [...this.#members.values()]]
    return { messages: [...this.#messages.values()], rows: { ...(room.length > 0 && { room }), ...(member.length > 0 && { member }) } }
  }
}
