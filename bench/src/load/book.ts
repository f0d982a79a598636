import { readStamp } from './body.ts'

/** What was said in one room, message by message: whoever is told of one first writes it down, and everybody else is to be told the same. */
export class Book {
  readonly #bodies: string[] = []
  readonly #lastOf = new Map<number, number>()

  /** Messages so far. */
  get length(): number {
    return this.#bodies.length
  }

  /** That somebody was told of message `n` of the room, behind `n - 1`. Throws where others were told something else, or a sender's are not in order. */
  take(n: number, body: string): void {
    if (n <= this.length) {
      if (this.#bodies[n - 1] !== body) throw new Error(`Message ${n} of the room is not the same for everybody.`)
      return
    }
    const { sender, number } = readStamp(body)
    const last = this.#lastOf.get(sender) ?? 0
    if (number !== last + 1) throw new Error(`After message ${last} of sender ${sender} came ${number}.`)
    this.#lastOf.set(sender, number)
    this.#bodies.push(body)
  }
}
