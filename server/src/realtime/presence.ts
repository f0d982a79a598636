import type { Bus } from '#bus/bus.ts'
import type { NodeWord, Signal } from '#bus/signal.ts'
import type { Clock } from '#lib/clock.ts'
import type { Store } from '#store/store.ts'
import type { Quiet } from '#topics.ts'
import { Attendances } from './attendances.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'
import { Looks } from './looks.ts'

/** What is new is told this often at most, and other nodes are told this often that this one is there. */
const TELL_EVERY_MS = 1_000

/** What presence needs of its node. */
interface PresenceWorld {
  store: Pick<Store, 'read' | 'epoch'>
  bus: Pick<Bus, 'signal' | 'isAlive'>
  clock: Clock
  connections: Connections
  onFailure(failure: unknown): void
}

/** How present people are, told to those who look at them. Nothing of it is stored. */
export class Presence implements Disposable {
  readonly #world: PresenceWorld
  readonly #attendances: Attendances
  readonly #looks: Looks
  readonly #timer: NodeJS.Timeout
  /** How many nodes have asked who is here since the last second. */
  #rollCalls = 0

  constructor(world: PresenceWorld) {
    const { store, clock, connections, onFailure } = world
    this.#world = world
    this.#attendances = new Attendances(connections, clock)
    this.#looks = new Looks({ store, clock, onFailure, attendanceOf: (userId) => this.#attendances.of(userId) })
    this.#timer = setInterval(() => this.tell(), TELL_EVERY_MS)
  }

  online(): string[] {
    return this.#attendances.online()
  }

  arrived(connection: Connection): void {
    this.#attendances.changed(connection)
  }

  left(connection: Connection): void {
    this.#attendances.left(connection)
    this.#looks.leave(connection)
  }

  says(connection: Connection, attendance: Connection['attendance']): void {
    connection.attendance = attendance
    this.#attendances.changed(connection)
  }

  look(connection: Connection, ids: string[]): void {
    this.#looks.look(connection, ids)
  }

  /** The places of its person are others now. */
  askAgain(connection: Connection): void {
    this.#looks.askAgain(connection)
  }

  /** What another node says. It is asked for all when something before that is not known here. */
  hear(signal: Extract<Signal, { name: 'attendance' }>): void {
    const { bus, store } = this.#world
    const news = this.#attendances.hear(signal)
    if (news === null) bus.signal({ epoch: store.epoch, name: 'roll-call', of: signal.node })
    this.#areNews(news ?? [])
  }

  /** Another node does not know who is here. Those that ask after it within the same second wait for the next. */
  answer({ of }: Extract<Signal, { name: 'roll-call' }>): void {
    if (of !== this.#attendances.node) return
    this.#rollCalls += 1
    if (this.#rollCalls === 1) this.#say(this.#attendances.all())
  }

  tookQuiet({ userId, quiet }: { userId: string; quiet: Quiet }): void {
    this.#looks.tookQuiet(userId, quiet)
  }

  /** What is new since this was last done: to other nodes, and to those here who look. */
  tell(): void {
    const news = this.#attendances.news()
    this.#say(this.#rollCalls > 1 ? this.#attendances.all() : news)
    this.#rollCalls = 0
    this.#areNews(news.people.map(([userId]) => userId))
    if (this.#world.bus.isAlive) this.#areNews(this.#attendances.forget())
    else this.#attendances.believeOn()
    this.#looks.tell()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #areNews(userIds: string[]): void {
    for (const userId of userIds) this.#looks.changed(userId)
  }

  #say(word: NodeWord): void {
    const { bus, store } = this.#world
    bus.signal({ epoch: store.epoch, name: 'attendance', ...word })
  }
}
