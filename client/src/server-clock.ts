import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { World } from './world.ts'

/** The server's time, as far as its last welcome told: a device's own clock may be wrong by a month. */
export class ServerClock {
  readonly #world: World
  #aheadMs = 0

  constructor(world: World) {
    this.#world = world
  }

  heard(serverTime: number): void {
    this.#aheadMs = serverTime - this.#world.now()
  }

  now(): number {
    return this.#world.now() + this.#aheadMs
  }

  newId(): string {
    return uuidv7({ now: () => this.now(), fill: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>) })
  }
}
