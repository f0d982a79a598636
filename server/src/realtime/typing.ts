import { TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import { parseTopic, type Topic } from '@belfry/protocol/topics.ts'
import type { Bus } from '#bus/bus.ts'
import type { Clock } from '#lib/clock.ts'
import type { Store } from '#store/store.ts'
import { mayType } from '#topics.ts'
import type { Connection } from './connection.ts'

/** Of what a connection says of one topic, one is passed on in so long; the others are dropped. */
export const TYPING_EVERY_MS = 2_000

/** Passes on to all nodes that somebody types. */
export class Typing {
  readonly #world: { store: Store; bus: Bus; clock: Clock; onFailure(failure: unknown): void }
  readonly #saidAt = new WeakMap<Connection, Map<Topic, number>>()

  constructor(world: { store: Store; bus: Bus; clock: Clock; onFailure(failure: unknown): void }) {
    this.#world = world
  }

  hear(connection: Connection, name: string): void {
    const topic = name as Topic
    if (!parseTopic(name) || !connection.topics.has(topic) || !this.#isDue(connection, topic)) return
    connection.requests.add(() => this.#passOn(connection, topic).catch(this.#world.onFailure))
  }

  #isDue(connection: Connection, topic: Topic): boolean {
    const now = this.#world.clock.now()
    const saidAt = this.#saidAt.get(connection) ?? new Map<Topic, number>()
    this.#saidAt.set(connection, saidAt)
    for (const [said, at] of saidAt) if (now - at >= TYPING_EVERY_MS) saidAt.delete(said)
    if (saidAt.has(topic) || saidAt.size >= TOPICS_PER_CONNECTION_MAX) return false
    saidAt.set(topic, now)
    return true
  }

  /** Whoever may not is not told so. */
  async #passOn({ follower }: Connection, topic: Topic): Promise<void> {
    const { store, bus } = this.#world
    const isTheirs = await store.read((db) => mayType(db, follower, topic))
    if (isTheirs) bus.signal({ epoch: store.epoch, name: 'typing', topic, userId: follower.userId })
  }
}
