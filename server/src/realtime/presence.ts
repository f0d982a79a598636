import type { Bus } from '#bus/bus.ts'
import type { Signal } from '#bus/signal.ts'
import type { Clock } from '#lib/clock.ts'
import type { Store } from '#store/store.ts'
import type { Quiet } from '#topics.ts'
import { Attendances } from './attendances.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'
import { Looks } from './looks.ts'

/** What is new is told this often at most. */
const TELL_EVERY_MS = 1_000
/** Each node says again who is there: so what was lost on the bus is made good. */
const SAY_AGAIN_EVERY_MS = 20_000

/** What presence needs of its node. */
interface PresenceWorld {
  store: Pick<Store, 'read' | 'epoch'>
  bus: Pick<Bus, 'signal'>
  clock: Clock
  connections: Connections
  onFailure(failure: unknown): void
}

/** How present people are, told to those who look at them. Nothing of it is stored. */
export class Presence implements Disposable {
  readonly #world: PresenceWorld
  readonly #attendances: Attendances
  readonly #looks: Looks
  readonly #timers: NodeJS.Timeout[]

  constructor(world: PresenceWorld) {
    const { store, clock, connections, onFailure } = world
    this.#world = world
    this.#attendances = new Attendances(connections, clock)
    this.#looks = new Looks({ store, clock, onFailure, attendanceOf: (userId) => this.#attendances.of(userId) })
    this.#timers = [setInterval(() => this.tell(), TELL_EVERY_MS), setInterval(() => this.sayAgain(), SAY_AGAIN_EVERY_MS)]
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

  /** What another node says. */
  hear(signal: Extract<Signal, { name: 'attendance' }>): void {
    for (const userId of this.#attendances.hear(signal)) this.#looks.changed(userId)
  }

  tookQuiet({ userId, quiet }: { userId: string; quiet: Quiet }): void {
    this.#looks.tookQuiet(userId, quiet)
  }

  /** What is new since this was last done: to other nodes, and to those here who look. */
  tell(): void {
    const news = this.#attendances.news()
    this.#say(news)
    for (const [userId] of news) this.#looks.changed(userId)
    this.#looks.tell()
  }

  sayAgain(): void {
    this.#say(this.#attendances.all())
    for (const userId of this.#attendances.forget()) this.#looks.changed(userId)
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  #say(people: ReturnType<Attendances['all']>): void {
    const { bus, store } = this.#world
    for (const signal of this.#attendances.signals(store.epoch, people)) bus.signal(signal)
  }
}
