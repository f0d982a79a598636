import type { Duplex } from 'node:stream'

/** Sockets that have not been greeted yet; beyond that new ones are turned away with 503. */
const STRANGERS_MAX = 5_000
/** From one address, so that one place cannot take all the room there is: a whole office may come back from behind one. */
const STRANGERS_OF_ADDRESS_MAX = 500

/** Who has opened a socket and is not known yet, by where from [P4]. */
export class Strangers {
  readonly #addresses = new Map<Duplex, string>()
  readonly #counts = new Map<string, number>()

  hasRoom(address: string): boolean {
    return this.#addresses.size < STRANGERS_MAX && (this.#counts.get(address) ?? 0) < STRANGERS_OF_ADDRESS_MAX
  }

  add(socket: Duplex, address: string): void {
    this.#addresses.set(socket, address)
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1)
  }

  /** It is greeted, or gone. */
  remove(socket: Duplex): void {
    const address = this.#addresses.get(socket)
    if (address === undefined) return
    this.#addresses.delete(socket)
    const left = this.#counts.get(address)! - 1
    if (left === 0) this.#counts.delete(address)
    else this.#counts.set(address, left)
  }

  cut(): void {
    for (const socket of this.#addresses.keys()) socket.destroy()
  }
}
