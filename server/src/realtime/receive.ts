import type { CloseReason } from '@belfry/protocol/close-codes.ts'
import { TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import type { RefusalBody } from '@belfry/protocol/refusals.ts'
import { parseTopic, type Topic, userTopic } from '@belfry/protocol/topics.ts'
import { type Follow, type UpFrame, upFrame } from '@belfry/protocol/up.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Connection } from './connection.ts'
import type { Feeds } from './feeds.ts'

/** Calls and follows of one connection that may wait for their answers; beyond that it is told to come again. */
const CALLS_WAITING_MAX = 200

/** What a frame may lead to. */
export interface Reception {
  feeds: Feeds
  now(): number
  call(name: string, input: unknown): Promise<unknown>
  onFailure(failure: unknown): void
}

/** A frame, or why the connection that sent it is closed. */
export function parseFrame(data: string): UpFrame | CloseReason {
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    return 'protocol'
  }
  const parsed = upFrame.safeParse(json)
  return parsed.success ? parsed.data : 'protocol'
}

/** Acts on one frame of an authenticated connection. */
export function receive(at: Reception, connection: Connection, frame: UpFrame): void {
  connection.heardAt = at.now()
  switch (frame.t) {
    case 'call':
      return void answer(at, connection, { id: frame.id, work: () => at.call(frame.name, frame.input) })
    case 'follow':
      return void answer(at, connection, { id: frame.id, work: () => follow(at, connection, frame) })
    case 'unfollow':
      return unfollow(at, connection, frame.topic)
    case 'ping':
      return connection.send({ t: 'pong' })
    case 'hello':
      return connection.close('protocol')
    default:
      frame satisfies never
  }
}

/** Replies with what the work results in. */
async function answer(at: Reception, connection: Connection, { id, work }: { id: number; work(): Promise<unknown> }): Promise<void> {
  if (connection.callsWaiting >= CALLS_WAITING_MAX) {
    const refusal: RefusalBody = { code: 'busy', detail: 'Too many calls of this connection wait for their answers.', retryAfterMs: 1_000 }
    return connection.send({ t: 'reply', id, refusal })
  }
  connection.callsWaiting += 1
  try {
    connection.send({ t: 'reply', id, result: await work() })
  } catch (error) {
    connection.send({ t: 'reply', id, refusal: refusalOf(at, error) })
  } finally {
    connection.callsWaiting -= 1
    connection.pauseWhenSlow()
  }
}

async function follow(at: Reception, connection: Connection, { topic, epoch, seq }: Follow): Promise<null> {
  const position = epoch !== undefined && seq !== undefined ? { epoch, seq } : null
  if (await joinTopic(at, connection, { topic, position })) return null
  throw new Refusal('not-found', 'There is nothing here to follow.')
}

/** Follows a topic for a connection, within its bound [P4]. Whoever may not is told `unfollowed` by the feed. */
export async function joinTopic(
  at: Pick<Reception, 'feeds'>,
  connection: Connection,
  to: { topic: string; position: { epoch: string; seq: number } | null },
): Promise<boolean> {
  if (!parseTopic(to.topic)) {
    connection.send({ t: 'unfollowed', topic: to.topic, reason: 'not-found' })
    return false
  }
  const topic = to.topic as Topic
  if (connection.topics.size >= TOPICS_PER_CONNECTION_MAX && !connection.topics.has(topic)) {
    connection.send({ t: 'unfollowed', topic, reason: 'too-many' })
    return false
  }
  return at.feeds.join(connection, topic, to.position)
}

/** One's own topic stays: it carries the end of the session [A4]. */
function unfollow(at: Reception, connection: Connection, topic: string): void {
  if (topic !== userTopic(connection.follower.userId) && parseTopic(topic)) at.feeds.leave(connection, topic as Topic)
}

function refusalOf(at: Reception, error: unknown): RefusalBody {
  if (error instanceof Refusal) return error.body
  at.onFailure(error)
  return { code: 'internal', detail: 'Something went wrong at the server. Its log says more.' }
}
