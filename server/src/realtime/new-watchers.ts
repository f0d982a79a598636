import type { Topic } from '@belfry/protocol/topics.ts'
import type { Store } from '#store/store.ts'
import type { Seen, Sight } from '#topics.ts'
import type { Audience } from './audience.ts'
import { readRights } from './catch-up.ts'
import type { Connection } from './connection.ts'

interface WatchedWorld {
  store: Pick<Store, 'read'>
  /** Of whom it could not be found out what they may see. */
  fail(connection: Connection, error: unknown): void
}

/** What those who begin to watch need of the feed of their topic. */
interface Watched {
  topic: Topic
  audience: Audience
  /** How far its followers were told. */
  told(): number | null
  /** What somebody sees of it as of this seq; null: nothing. */
  watches(connection: Connection, seq: number, sight: Sight | null): void
}

/** Who wait to watch one topic. */
export class NewWatchers {
  readonly #world: WatchedWorld
  readonly #watched: Watched
  readonly #waiting = new Map<Connection, Seen | null>()

  constructor(world: WatchedWorld, watched: Watched) {
    this.#world = world
    this.#watched = watched
  }

  /** `read`: what it sees, as it was read; null: that is to be found out. Whoever is the first asks for a turn, in which all are let in. */
  add(connection: Connection, read: Seen | null): 'first' | 'joined' {
    const isFirst = this.#waiting.size === 0
    this.#waiting.set(connection, read)
    return isFirst ? 'first' : 'joined'
  }

  /** All that wait; of those of whom it is not known what they see it is found out by one look. */
  letIn(): void | Promise<void> {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    const unknown: Connection[] = []
    for (const [connection, read] of waiting) {
      const seen = this.#seenBy(connection, read)
      if (seen) this.#letIn(connection, seen)
      else unknown.push(connection)
    }
    if (unknown.length > 0) return this.#lookAndLetIn(unknown)
  }

  /** What it sees as of where its followers are: of who follows that is known, and of others while nothing has happened since it was read. */
  #seenBy(connection: Connection, read: Seen | null): Seen | null {
    const { audience } = this.#watched
    const [told, following] = [this.#watched.told(), audience.followers.get(connection)]
    if (told === null || audience.isEmpty) return read
    if (following) return { seq: told, sight: following.sight }
    return read && read.seq >= told ? read : null
  }

  async #lookAndLetIn(connections: Connection[]): Promise<void> {
    try {
      const { seq, sights } = await this.#world.store.read((db) => readRights(db, this.#watched.topic, connections))
      for (const [connection, sight] of sights) this.#letIn(connection, { seq, sight })
    } catch (error) {
      for (const connection of connections) this.#world.fail(connection, error)
    }
  }

  /** What goes wrong with one concerns no other. */
  #letIn(connection: Connection, { seq, sight }: { seq: number; sight: Sight | null }): void {
    try {
      this.#watched.watches(connection, seq, sight)
    } catch (error) {
      this.#world.fail(connection, error)
    }
  }
}
