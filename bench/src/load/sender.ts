import type { Dialect } from '#dialects/dialect.ts'
import { now, stampedBody } from './body.ts'
import type { RawSocket } from './raw-socket.ts'

/** One who posts, and expects an answer to each post. */
export class Sender {
  posted = 0
  acknowledged = 0
  onAcknowledged: () => void = () => {}
  /** Which of the rooms it posts in. */
  readonly room: number
  readonly #name: number
  readonly #roomId: string
  readonly #dialect: Dialect
  readonly #socket: RawSocket
  readonly #waiting = new Set<number>()

  constructor(name: number, by: { dialect: Dialect; socket: RawSocket; room: { at: number; id: string } }) {
    this.#name = name
    this.room = by.room.at
    this.#roomId = by.room.id
    this.#dialect = by.dialect
    this.#socket = by.socket
    this.#socket.hear((text) => this.#hear(text))
  }

  post(messages = 1): void {
    this.#socket.together(() => {
      for (let at = 0; at < messages; at++) this.#post()
    })
  }

  #post(): void {
    this.posted += 1
    this.#waiting.add(this.posted)
    const body = stampedBody({ sender: this.#name, number: this.posted, sentAt: now() })
    this.#socket.send(this.#dialect.post(this.posted, { room: this.#roomId, body }))
  }

  #hear(text: string): void {
    const id = this.#dialect.acknowledged(text)
    if (id === null) return
    if (!this.#waiting.delete(id)) throw new Error(`Sender ${this.#name} got an answer that it does not wait for: ${text.slice(0, 200)}`)
    this.acknowledged += 1
    this.onAcknowledged()
  }
}
