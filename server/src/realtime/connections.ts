import { SILENCE_MAX_MS } from '@belfry/protocol/limits.ts'
import type { Clock } from '#lib/clock.ts'
import { collectYoung } from '#lib/collect-young.ts'
import type { Connection } from './connection.ts'
import { Rush } from './rush.ts'

/** One look at all connections this often, instead of a timer for each. */
const LOOK_EVERY_MS = 5_000
/** A reader that is still behind after this long is sent away; it may come back [P3]. */
const BEHIND_MAX_MS = 30_000

/** All connections of this node, by person. */
export class Connections implements Disposable {
  readonly #byUser = new Map<string, Set<Connection>>()
  readonly #clock: Clock
  readonly #perUserMax: number
  readonly #timer: NodeJS.Timeout
  /** What greeting them has left behind is of no more use. */
  readonly #rush = new Rush(collectYoung)
  #size = 0

  constructor(clock: Clock, perUserMax: number) {
    this.#clock = clock
    this.#perUserMax = perUserMax
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  get size(): number {
    return this.#size
  }

  /** Takes it in; the person's oldest connection makes room where there are too many. */
  add(connection: Connection): void {
    const { userId } = connection.follower
    const held = this.#byUser.get(userId) ?? new Set()
    this.#byUser.set(userId, held.add(connection))
    this.#size += 1
    this.#rush.comes()
    // Those that were told to close and have not yet do not count: closing one of them again would make no room.
    const open = [...held].filter((one) => one.isOpen)
    if (open.length > this.#perUserMax) open[0]!.close('too-many-connections')
  }

  remove(connection: Connection): void {
    const held = this.#byUser.get(connection.follower.userId)
    if (!held?.delete(connection)) return
    this.#size -= 1
    if (held.size === 0) this.#byUser.delete(connection.follower.userId)
  }

  of(userId: string): Iterable<Connection> {
    return this.#byUser.get(userId) ?? []
  }

  /** Who has a connection here. */
  people(): Iterable<string> {
    return this.#byUser.keys()
  }

  *all(): Generator<Connection> {
    for (const held of this.#byUser.values()) yield* held
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    this.#rush.look()
    const now = this.#clock.now()
    for (const connection of this.all()) {
      connection.pulse(now)
      if (now - connection.heardAt > SILENCE_MAX_MS) connection.close('silent')
      else if (connection.behindSince !== null && now - connection.behindSince > BEHIND_MAX_MS) connection.close('too-slow')
    }
  }
}
