import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Attendance, Signal } from '#bus/signal.ts'
import type { Clock } from '#lib/clock.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'

/** A device that is gone counts for so long as if it were there: a page that is loaded anew has not left. */
export const GONE_AFTER_MS = 5_000
/** What another node has said counts for so long: it may have stopped without a word. */
export const BELIEVED_FOR_MS = 60_000
/** So many people are told of in one signal [P4]. */
const PEOPLE_A_SIGNAL = 500

/** From the most present to the least. */
const STEPS = ['online', 'away', 'offline'] as const satisfies Attendance[]

type People = [userId: string, at: Attendance][]

/** Who is there: of this node by their connections, of the others by what they say. Of several devices the most present one decides. */
export class Attendances {
  readonly #node = uuidv7()
  readonly #connections: Connections
  readonly #clock: Clock
  readonly #gone = new Map<string, { at: Attendance; until: number }>()
  /** By person and node. */
  readonly #elsewhere = new Map<string, Map<string, { at: Attendance; heardAt: number }>>()
  /** People of this node of whom something may be new. */
  readonly #changed = new Set<string>()

  constructor(connections: Connections, clock: Clock) {
    this.#connections = connections
    this.#clock = clock
  }

  of(userId: string): Attendance {
    const elsewhere = [...(this.#elsewhere.get(userId)?.values() ?? [])]
    return mostPresent([this.#here(userId), ...elsewhere.map(({ at }) => at)])
  }

  /** Who is online, at this node or another. */
  online(): string[] {
    const known = new Set([...this.#connections.people(), ...this.#elsewhere.keys()])
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
  news(): People {
    for (const [userId, { until }] of this.#gone) {
      if (until > this.#clock.now()) continue
      this.#gone.delete(userId)
      this.#changed.add(userId)
    }
    const people = [...this.#changed].map((userId): People[number] => [userId, this.#here(userId)])
    this.#changed.clear()
    return people
  }

  /** Everybody of this node. */
  all(): People {
    const ids = new Set([...this.#connections.people(), ...this.#gone.keys()])
    return [...ids].map((userId) => [userId, this.#here(userId)])
  }

  /** What the other nodes are told of these. */
  signals(epoch: string, people: People): Signal[] {
    const signals: Signal[] = []
    for (let at = 0; at < people.length; at += PEOPLE_A_SIGNAL)
      signals.push({ epoch, name: 'attendance', node: this.#node, people: people.slice(at, at + PEOPLE_A_SIGNAL) })
    return signals
  }

  /** Answers of whom that was something new. */
  hear({ node, people }: Extract<Signal, { name: 'attendance' }>): string[] {
    if (node === this.#node) return []
    return people.filter((person) => this.#tookWord(node, person)).map(([userId]) => userId)
  }

  /** What was said too long ago counts no more. Answers whom that concerns. */
  forget(): string[] {
    const since = this.#clock.now() - BELIEVED_FOR_MS
    const forgotten = [...this.#elsewhere].filter(([userId, nodes]) => {
      const old = [...nodes].filter(([, { heardAt }]) => heardAt < since)
      for (const [node] of old) this.#drop(userId, node)
      return old.length > 0
    })
    return forgotten.map(([userId]) => userId)
  }

  #here(userId: string): Attendance {
    const devices = [...this.#connections.of(userId)].filter(({ only }) => only === null)
    return mostPresent([...devices.map(({ attendance }) => attendance), this.#gone.get(userId)?.at ?? 'offline'])
  }

  #tookWord(node: string, [userId, at]: People[number]): boolean {
    const before = this.of(userId)
    if (at === 'offline') this.#drop(userId, node)
    else {
      const nodes = this.#elsewhere.get(userId) ?? new Map<string, { at: Attendance; heardAt: number }>()
      this.#elsewhere.set(userId, nodes.set(node, { at, heardAt: this.#clock.now() }))
    }
    return this.of(userId) !== before
  }

  #drop(userId: string, node: string): void {
    const nodes = this.#elsewhere.get(userId)
    nodes?.delete(node)
    if (nodes?.size === 0) this.#elsewhere.delete(userId)
  }
}

function mostPresent(all: Attendance[]): Attendance {
  return STEPS.find((step) => all.includes(step)) ?? 'offline'
}
