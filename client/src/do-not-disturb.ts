import type { Preferences } from '@belfry/protocol/rows.ts'
import { source } from './observable.ts'
import type { ServerClock } from './server-clock.ts'
import type { World } from './world.ts'

/** Timers of more than 24 days run at once: none is made for longer than this. */
const LOOK_AGAIN_AFTER_MS_MAX = 24 * 60 * 60 * 1000

/** Until when one is not to be disturbed, by the server's clock. It ends by itself. */
export class DoNotDisturb {
  /** Epoch milliseconds; null: it is off. */
  readonly until = source<number | null>(null)
  readonly #world: Pick<World, 'after'>
  readonly #clock: ServerClock
  readonly #chosen: () => Preferences | null
  #stopTimer: () => void = () => undefined

  constructor(world: Pick<World, 'after'>, clock: ServerClock, chosen: () => Preferences | null) {
    this.#world = world
    this.#clock = clock
    this.#chosen = chosen
  }

  get isOn(): boolean {
    return this.#leftMs() > 0
  }

  /** What was chosen, or the time, is another now. */
  update(): void {
    this.#stopTimer()
    const leftMs = this.#leftMs()
    this.until.set(leftMs > 0 ? this.#chosen()!.dndUntil : null)
    if (leftMs > 0) this.#stopTimer = this.#world.after(Math.min(leftMs, LOOK_AGAIN_AFTER_MS_MAX), () => this.update())
  }

  close(): void {
    this.#stopTimer()
  }

  #leftMs(): number {
    return (this.#chosen()?.dndUntil ?? 0) - this.#clock.now()
  }
}
