import type { Dice } from '#dice.ts'
import type { RecordedSocket } from './recorded-socket.ts'

/** As long as the nginx that is shipped passes by a node that was not there. */
const PASSED_BY_MS = 2_000

/** Where clients find the nodes. */
export class Doors {
  /** Connections that stand. */
  readonly sockets = new Set<RecordedSocket>()
  readonly #ports: readonly number[]
  readonly #dice: Dice
  readonly #closedUntil = new Map<number, number>()

  constructor(ports: readonly number[], dice: Dice) {
    this.#ports = ports
    this.#dice = dice
  }

  /** The port of a node to try, and which one it is. */
  next(): { door: number; port: number } {
    const all = [...this.#ports.keys()]
    const open = all.filter((door) => (this.#closedUntil.get(door) ?? 0) <= performance.now())
    const door = this.#dice.pick(open.length > 0 ? open : all)
    return { door, port: this.#ports[door]! }
  }

  /** Nobody opened there. */
  failed(door: number): void {
    this.#closedUntil.set(door, performance.now() + PASSED_BY_MS)
  }
}
