import type { Dice } from '#dice.ts'
import type { Link } from '#checker/faults/link.ts'
import type { RecordedSocket } from './recorded-socket.ts'

/** A node that was not there is passed by for so long: clients come without nginx, and try another. */
const PASSED_BY_MS = 2_000

/** Where clients find the nodes. */
export class Doors {
  /** Connections that stand. */
  readonly sockets = new Set<RecordedSocket>()
  readonly #links: readonly Link[]
  readonly #dice: Dice
  readonly #closedUntil = new Map<number, number>()

  constructor(links: readonly Link[], dice: Dice) {
    this.#links = links
    this.#dice = dice
  }

  get count(): number {
    return this.#links.length
  }

  /** The way to a node to try, and which one it is. */
  next(): { door: number; link: Link } {
    const all = [...this.#links.keys()]
    const open = all.filter((door) => (this.#closedUntil.get(door) ?? 0) <= performance.now())
    const door = this.#dice.pick(open.length > 0 ? open : all)
    return { door, link: this.#links[door]! }
  }

  /** Nobody opened there. */
  failed(door: number): void {
    this.#closedUntil.set(door, performance.now() + PASSED_BY_MS)
  }
}
