import type { Bump } from '@belfry/protocol/down.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import { gistAfter, isWhole, type Sight } from '#topics.ts'
import type { Connection } from './connection.ts'
import { encode } from './frames.ts'

/** How somebody is told: what they see of the topic, and since which seq; what ended before is no news to them. */
export interface Listening {
  since: number
  sight: Sight
}

/** Whom a feed tells. */
export class Audience {
  readonly followers = new Map<Connection, Listening>()
  /** Those of them that read too slowly: they are told nothing until they have joined again [P3], but for the end of their right [A2] [A4]. */
  readonly behind = new Set<Connection>()
  /** Who is told in short and now and then, unless they follow it too. */
  readonly watchers = new Map<Connection, Listening>()

  get isEmpty(): boolean {
    return this.followers.size === 0 && this.watchers.size === 0
  }

  all(): Set<Connection> {
    return new Set([...this.followers.keys(), ...this.watchers.keys()])
  }

  /** Of these people, who was here before that seq. */
  hereBefore(seq: number, people: 'everybody' | Set<string>): Connection[] {
    const isConcerned = ({ follower }: Connection) => people === 'everybody' || people.has(follower.userId)
    const here = [...this.followers, ...this.watchers].filter(([connection, { since }]) => since < seq && isConcerned(connection))
    return [...new Set(here.map(([connection]) => connection))]
  }

  /** From here on, told everything; also whoever was behind. */
  follows(connection: Connection, { since, sight }: Listening): void {
    this.followers.set(connection, { since, sight })
    this.behind.delete(connection)
  }

  /** Tells those who watch, but for those who followed all the while. Who reads too slowly is told later that something did. */
  tellWatchers(bump: Bump): void {
    const frame = encode(bump)
    for (const [connection, { since, sight }] of this.watchers) {
      const isTold = (this.followers.get(connection)?.since ?? Infinity) <= bump.prev
      if (since >= bump.seq || isTold) continue
      if (connection.isSlow) connection.unbumped.add(bump.topic as Topic)
      else if (isWhole(sight)) connection.sendEncoded(frame)
      else connection.send({ ...bump, messages: gistAfter(bump, sight.after) })
    }
  }

  stopFollowing(connection: Connection): void {
    this.followers.delete(connection)
    this.behind.delete(connection)
  }
}
