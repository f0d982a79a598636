import type { World } from './world.ts'

/** Timers by name: one of each at a time. */
export class Timers<Name extends string> {
  readonly #stops = new Map<Name, () => void>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  start(name: Name, ms: number, run: () => void): void {
    this.stop(name)
    this.#stops.set(name, this.#world.after(ms, run))
  }

  stop(name: Name): void {
    this.#stops.get(name)?.()
    this.#stops.delete(name)
  }

  stopAll(): void {
    for (const name of [...this.#stops.keys()]) this.stop(name)
  }
}
