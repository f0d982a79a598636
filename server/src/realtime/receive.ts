import type { CloseReason } from '@belfry/protocol/close-codes.ts'
import { TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import type { RefusalBody } from '@belfry/protocol/refusals.ts'
import { parseTopic, type Topic, userTopic } from '@belfry/protocol/topics.ts'
import { type Follow, type UpFrame, upFrame, type UpSignal } from '@belfry/protocol/up.ts'
import { Refusal } from '#lib/refusal.ts'
import type { TopicPosition } from './catch-up.ts'
import type { Connection } from './connection.ts'
import type { Feeds } from './feeds.ts'
import type { Presence } from './presence.ts'
import type { Typing } from './typing.ts'

/** Calls and follows of one connection that may wait for their answers; beyond that it is told to come again. */
const CALLS_WAITING_MAX = 200

/** What a frame may lead to. */
export interface Reception {
  feeds: Feeds
  presence: Presence
  typing: Typing
  now(): number
  call(name: string, input: unknown): Promise<unknown>
  /** Whether a command only looks, which it does on the loop that serves everybody. */
  isLook(name: string): boolean
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
  connection.pauseWhenSlow(connection.heardAt)
  switch (frame.t) {
    case 'call':
      return answer(at, connection, {
        id: frame.id,
        begins: at.isLook(frame.name) ? 'in turn' : 'at once',
        work: () => at.call(frame.name, frame.input),
      })
    case 'follow':
      return follow(at, connection, frame)
    case 'unfollow':
      return unfollow(at, connection, frame.topic)
    case 'signal':
      return hint(at, connection, frame)
    case 'ping':
      return connection.send({ t: 'pong' })
    case 'hello':
      return connection.close('protocol')
    default:
      frame satisfies never
  }
}

/** What is fleeting is never answered, not even with a refusal. */
function hint({ presence, typing }: Reception, connection: Connection, signal: UpSignal): void {
  switch (signal.name) {
    case 'typing':
      return typing.hear(connection, signal.topic)
    case 'presence':
      return presence.says(connection, signal.state)
    case 'look':
      return presence.look(connection, signal.ids)
    default:
      signal satisfies never
  }
}

/** What writes begins at once, and shares the next commit with all that arrives; what reads waits its turn. */
interface Asked {
  id: number
  begins: 'at once' | 'in turn'
  work(): Promise<unknown>
}

/** Has the work done, and replies with what it results in. */
function answer(at: Reception, connection: Connection, asked: Asked): void {
  if (!mayWait(connection)) {
    const refusal: RefusalBody = { code: 'busy', detail: 'Too many calls of this connection wait for their answers.', retryAfterMs: 1_000 }
    return connection.send({ t: 'reply', id: asked.id, refusal })
  }
  connection.tookCall()
  if (asked.begins === 'at once') void reply(at, connection, asked)
  else connection.requests.add(() => reply(at, connection, asked))
}

function mayWait(connection: Connection): boolean {
  return connection.callsWaiting < CALLS_WAITING_MAX
}

async function reply(at: Reception, connection: Connection, { id, work }: Asked): Promise<void> {
  try {
    connection.send({ t: 'reply', id, result: await work() })
  } catch (error) {
    connection.send({ t: 'reply', id, refusal: refusalOf(at, error) })
  } finally {
    connection.answeredCall()
    connection.pauseWhenSlow(at.now())
  }
}

/** Taken up at once, so that an `unfollow` right behind it takes it back. */
function follow(at: Reception, connection: Connection, { id, topic: name, epoch, seq }: Follow): void {
  const position = epoch !== undefined && seq !== undefined ? { epoch, seq } : null
  const topic = mayWait(connection) ? takeUp(connection, name) : null
  answer(at, connection, { id, begins: 'in turn', work: () => followed(at, connection, { topic, position }) })
}

async function followed(
  at: Reception,
  connection: Connection,
  { topic, position }: { topic: Topic | null; position: TopicPosition | null },
): Promise<null> {
  if (topic === null || !(await at.feeds.join(connection, topic, position)))
    throw new Refusal('not-found', 'There is nothing here to follow.')
  return null
}

/** Counts a topic among those of a connection, within its bound [P4]; null: it was told `unfollowed`. Who may not follow is told so by the feed. */
export function takeUp(connection: Connection, name: string): Topic | null {
  if (!parseTopic(name)) {
    connection.send({ t: 'unfollowed', topic: name, reason: 'not-found' })
    return null
  }
  const topic = name as Topic
  if (connection.topics.size >= TOPICS_PER_CONNECTION_MAX && !connection.topics.has(topic)) {
    connection.send({ t: 'unfollowed', topic, reason: 'too-many' })
    return null
  }
  connection.topics.add(topic)
  return topic
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
