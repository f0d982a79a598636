import type { DownSignal, Presence } from '@belfry/protocol/down.ts'
import type { Clock } from '#lib/clock.ts'
import type { Store } from '#store/store.ts'
import { peopleSeenBy, type Quiet } from '#topics.ts'
import type { Connection } from './connection.ts'
import { encode, type Frame } from './frames.ts'

/** A connection that names others all the time has its right asked for this often. */
const ASK_EVERY_MS = 1_000
/** However quiet all is, whom one may know of is asked for again after so long: a membership may have ended. */
export const ASK_AGAIN_AFTER_MS = 30_000

type Told = Extract<DownSignal, { name: 'presence' }>['people']

/** Whom one connection looks at. */
interface Look {
  ids: ReadonlySet<string>
  /** Of whom it may know. */
  readonly seen: Set<string>
  /** What it was last told of each whom it may know of, or might until now; null: nothing yet. */
  readonly told: Map<string, Presence | null>
  askedAt: number
  isToAsk: boolean
  isAsking: boolean
}

/** What the looks need of their node. */
interface LooksWorld {
  store: Pick<Store, 'read'>
  clock: Clock
  attendanceOf(userId: string): Exclude<Presence, 'dnd'>
  onFailure(failure: unknown): void
}

/** Who looks at whom on this node. Each is told what is new for them, at most once a second; what they do not take now is told later [P3]. */
export class Looks {
  readonly #world: LooksWorld
  readonly #looks = new Map<Connection, Look>()
  readonly #lookers = new Map<string, Set<Connection>>()
  /** Of those who are looked at. */
  readonly #quiet = new Map<string, Quiet>()
  readonly #toTell = new Set<Connection>()

  constructor(world: LooksWorld) {
    this.#world = world
  }

  /** From now on it looks at these, in place of those before. */
  look(connection: Connection, named: string[]): void {
    const look = this.#looks.get(connection) ?? newLook()
    const ids = new Set(named)
    this.#looks.set(connection, look)
    for (const id of look.ids) if (!ids.has(id)) this.#lookAway(connection, look, id)
    for (const id of ids) this.#lookers.set(id, (this.#lookers.get(id) ?? new Set()).add(connection))
    look.ids = ids
    if (ids.size === 0) this.#looks.delete(connection)
    else this.#askSoon(connection, look)
  }

  /** Whom it may know of may have changed. */
  askAgain(connection: Connection): void {
    const look = this.#looks.get(connection)
    if (look) this.#askSoon(connection, look)
  }

  leave(connection: Connection): void {
    this.look(connection, [])
    this.#toTell.delete(connection)
  }

  /** Something about this person may be new. */
  changed(userId: string): void {
    for (const connection of this.#lookers.get(userId) ?? []) this.#toTell.add(connection)
  }

  /** The newer word on until when somebody is not to be disturbed stays. */
  tookQuiet(userId: string, quiet: Quiet): void {
    if (!this.#lookers.has(userId) || quiet.changed < (this.#quiet.get(userId)?.changed ?? 0)) return
    this.#quiet.set(userId, quiet)
    this.changed(userId)
  }

  /** Tells everybody what is new for them, and asks again whose right was asked for long ago. */
  tell(): void {
    this.#endQuiet()
    const frames = new Map<string, Frame>()
    for (const connection of [...this.#toTell]) this.#tell(connection, frames)
    const now = this.#world.clock.now()
    for (const [connection, look] of this.#looks)
      if (look.isToAsk || now - look.askedAt >= ASK_AGAIN_AFTER_MS) this.#askSoon(connection, look)
  }

  #lookAway(connection: Connection, look: Look, id: string): void {
    look.seen.delete(id)
    look.told.delete(id)
    const lookers = this.#lookers.get(id)
    lookers?.delete(connection)
    if (lookers?.size !== 0) return
    this.#lookers.delete(id)
    this.#quiet.delete(id)
  }

  #askSoon(connection: Connection, look: Look): void {
    look.isToAsk = true
    const now = this.#world.clock.now()
    if (look.isAsking || now - look.askedAt < ASK_EVERY_MS) return
    Object.assign(look, { isToAsk: false, isAsking: true, askedAt: now })
    connection.requests.add(() => this.#ask(connection, look))
  }

  async #ask(connection: Connection, look: Look): Promise<void> {
    try {
      const seen = await this.#world.store.read((db) => peopleSeenBy(db, connection.follower, [...look.ids]))
      if (this.#looks.get(connection) === look) this.#answered(connection, look, seen)
    } catch (error) {
      look.isToAsk = true
      this.#world.onFailure(error)
    } finally {
      look.isAsking = false
    }
  }

  #answered(connection: Connection, look: Look, seen: Map<string, Quiet>): void {
    for (const id of look.ids) {
      const quiet = seen.get(id)
      if (!quiet) look.seen.delete(id)
      else {
        look.seen.add(id)
        look.told.set(id, look.told.get(id) ?? null)
        this.tookQuiet(id, quiet)
      }
    }
    this.#toTell.add(connection)
    this.#tell(connection, new Map())
  }

  /** `frames`: those that others were told just now, by what they say [P1]. */
  #tell(connection: Connection, frames: Map<string, Frame>): void {
    const look = this.#looks.get(connection)
    if (look && !connection.takesSignals) return
    this.#toTell.delete(connection)
    const people = look ? this.#newsFor(look) : []
    if (people.length === 0) return
    const key = people.flat().join(' ')
    const frame = frames.get(key) ?? encode({ t: 'signal', name: 'presence', people })
    frames.set(key, frame)
    connection.sendEncoded(frame)
  }

  /** What it is told now counts as told. */
  #newsFor({ seen, told }: Look): Told {
    const people: Told = []
    for (const [id, before] of told) {
      const now = seen.has(id) ? this.#presenceOf(id) : 'unknown'
      if (now === before) continue
      if (now === 'unknown') told.delete(id)
      else told.set(id, now)
      if (now !== 'unknown' || before !== null) people.push([id, now])
    }
    return people
  }

  #presenceOf(userId: string): Presence {
    const at = this.#world.attendanceOf(userId)
    const isQuiet = (this.#quiet.get(userId)?.until ?? 0) > this.#world.clock.now()
    return isQuiet && at !== 'offline' ? 'dnd' : at
  }

  #endQuiet(): void {
    for (const [userId, { until, changed }] of this.#quiet) {
      if (until === null || until > this.#world.clock.now()) continue
      this.#quiet.set(userId, { until: null, changed })
      this.changed(userId)
    }
  }
}

function newLook(): Look {
  return { ids: new Set(), seen: new Set(), told: new Map(), askedAt: -Infinity, isToAsk: false, isAsking: false }
}
