import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Attendance, NodeWord } from '#bus/signal.ts'
import type { Clock } from '#lib/clock.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'

/** A device that is gone counts for so long as if it were there: a page that is loaded anew has not left. */
export const GONE_AFTER_MS = 5_000
/** A node that says nothing for longer is gone, and nobody is there any more. */
export const BELIEVED_FOR_MS = 10_000

/** From the most present to the least. */
const STEPS = ['online', 'away', 'offline'] as const satisfies Attendance[]

/** What another node has said. */
interface Elsewhere {
  /** Of its last news. */
  count: number
  heardAt: number
  people: Map<string, Attendance>
}

/** Who is there: of this node by their connections, of the others by what they say. Of several devices the most present one decides. */
export class Attendances {
  readonly node = uuidv7()
  readonly #connections: Connections
  readonly #clock: Clock
  readonly #gone = new Map<string, { at: Attendance; until: number }>()
  /** By node. */
  readonly #elsewhere = new Map<string, Elsewhere>()
  /** People of this node of whom something may be new. */
  readonly #changed = new Set<string>()
  /** How often this node has had news. */
  #count = 0

  constructor(connections: Connections, clock: Clock) {
    this.#connections = connections
    this.#clock = clock
  }

  of(userId: string): Attendance {
    const elsewhere = [...this.#elsewhere.values()].map(({ people }) => people.get(userId) ?? 'offline')
    return mostPresent([this.#here(userId), ...elsewhere])
  }

  /** Who is online, at this node or another. */
  online(): string[] {
    const elsewhere = [...this.#elsewhere.values()].flatMap(({ people }) => [...people.keys()])
    const known = new Set([...this.#connections.people(), ...elsewhere])
    return [...known].filter((userId) => this.of(userId) === 'online')
  }

  /** It has come, or says something else of its device. */
  changed({ only, follower }: Connection): void {
    if (only === null) this.#changed.add(follower.userId)
  }

  left({ only, follower: { userId }, attendance }: Connection): void {
    if (only !== null) return
    const at = mostPresent([attendance, this.#gone.get(userId)?.at ?? 'offline'])
    this.#gone.set(userId, { at, until: this.#clock.now() + GONE_AFTER_MS })
  }

  /** Those of this node of whom something may be new since this was last asked. */
  news(): NodeWord {
    for (const [userId, { until }] of this.#gone) {
      if (until > this.#clock.now()) continue
      this.#gone.delete(userId)
      this.#changed.add(userId)
    }
    const people = this.#attendancesOf(this.#changed)
    this.#changed.clear()
    if (people.length > 0) this.#count += 1
    return { node: this.node, count: this.#count, isAll: false, people }
  }

  /** Everybody of this node. */
  all(): NodeWord {
    const people = this.#attendancesOf(new Set([...this.#connections.people(), ...this.#gone.keys()]))
    return { node: this.node, count: this.#count, isAll: true, people }
  }

  /** Answers of whom that was something new; null: something before it was missed. */
  hear(word: NodeWord): string[] | null {
    if (word.node === this.node) return []
    const held = this.#elsewhere.get(word.node)
    if (held) held.heardAt = this.#clock.now()
    const known = held?.count ?? -1
    if (word.isAll) return word.count < known ? [] : this.#takeAll(word, held)
    if (word.count <= known) return []
    const isNext = word.count === known + 1 && word.people.length > 0
    return held && isNext ? this.#take(word, held) : null
  }

  /** Nodes that have said nothing for too long are gone. Answers whom that concerns. */
  forget(): string[] {
    const since = this.#clock.now() - BELIEVED_FOR_MS
    const silent = [...this.#elsewhere].filter(([, { heardAt }]) => heardAt < since)
    return silent.flatMap(([node, { people }]) => this.#changedBy([...people.keys()], () => void this.#elsewhere.delete(node)))
  }

  /** Nothing can be heard: what the others have said counts on. */
  believeOn(): void {
    for (const held of this.#elsewhere.values()) held.heardAt = this.#clock.now()
  }

  #here(userId: string): Attendance {
    const devices = [...this.#connections.of(userId)].filter(({ only }) => only === null)
    return mostPresent([...devices.map(({ attendance }) => attendance), this.#gone.get(userId)?.at ?? 'offline'])
  }

  #attendancesOf(userIds: Set<string>): NodeWord['people'] {
    return [...userIds].map((userId) => [userId, this.#here(userId)])
  }

  #takeAll({ node, count, people }: NodeWord, held: Elsewhere | undefined): string[] {
    const all: Elsewhere = { count, heardAt: this.#clock.now(), people: new Map(people) }
    const concerned = new Set([...(held?.people.keys() ?? []), ...all.people.keys()])
    return this.#changedBy([...concerned], () => void this.#elsewhere.set(node, all))
  }

  #take({ count, people }: NodeWord, held: Elsewhere): string[] {
    const concerned = people.map(([userId]) => userId)
    return this.#changedBy(concerned, () => {
      held.count = count
      for (const [userId, at] of people) {
        if (at === 'offline') held.people.delete(userId)
        else held.people.set(userId, at)
      }
    })
  }

  /** Those of them who are there otherwise after it than before. */
  #changedBy(userIds: string[], change: () => void): string[] {
    const before = userIds.map((userId) => this.of(userId))
    change()
    return userIds.filter((userId, at) => this.of(userId) !== before[at])
  }
}

function mostPresent(all: Attendance[]): Attendance {
  return STEPS.find((step) => all.includes(step)) ?? 'offline'
}
