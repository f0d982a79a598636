import type { Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import type { Clock } from '#lib/clock.ts'
import type { Store } from '#store/store.ts'
import type { Joining, JoinView } from './catch-up.ts'
import type { Connection } from './connection.ts'
import type { Feed } from './feed.ts'

/** What a feed needs of its node. */
export interface FeedWorld {
  store: Pick<Store, 'read' | 'epoch'>
  clock: Clock
  /** What those find who begin to follow. Feeds that ask at once are answered at once. */
  readJoining(joining: Joining): Promise<JoinView>
  /** A follower who may not follow any more, or never might. */
  refuse(connection: Connection, topic: Topic): void
  /** Of whom it could not be found out what they may see: they come again. */
  fail(connection: Connection, error: unknown): void
  /** Nobody follows or watches it any more, and nothing waits. */
  onEmpty(feed: Feed): void
  /** These were told so. */
  onTold(told: Iterable<Connection>, rows: Rows): void
  /** There is something to be told to those who watch: {@link Feed.tellWatchers} is to be called before long. */
  onDigest(feed: Feed): void
  onFailure(failure: unknown): void
}
