import { SESSIONS_MAX } from '@belfry/server/accounts/start-session.ts'
import { sessionsOf } from '@belfry/server/accounts/sessions.ts'
import type { Config } from '@belfry/server/config.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import { findPasswordHash } from '@belfry/server/accounts/password-hashes.ts'
import { hashSecret, newSecret } from '@belfry/server/lib/secrets.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { operate } from '#data.ts'
import { stopSignal } from '#stop-signal.ts'
import { bad, type Finding, good, odd, reasonOf, unknown } from './finding.ts'
import { type Line, NotKnown, socket, stream } from './lines.ts'

const OPENS_WITHIN_MS = 5_000
/** Longer than the time between two looks at the database, by which what the bus lost is found. */
const TOLD_WITHIN_MS = 12_000
/** What comes by the bus comes sooner than the next look. */
const AT_ONCE_MS = 1_000

/** Somebody whom the server has signed in, for as long as this takes. */
interface Visitor {
  token: string
  leave(): Promise<unknown>
}

/** Signs in, opens a socket and then a stream by the public address, signs out, and sees whether the stream is told. */
export async function lookAtLines(store: Store, address: URL, config: Config): Promise<Finding[]> {
  try {
    const visitor = await comes(store)
    if (visitor === null) return [unknown('sockets', 'Nobody has an account yet: run this again when somebody has.')]
    return await lookAs(visitor, address, config)
  } catch (error) {
    return [bad('sockets', `Nobody could be signed in, or out again, to try them (${reasonOf(error)}).`)]
  }
}

async function lookAs(visitor: Visitor, address: URL, config: Config): Promise<Finding[]> {
  const stop = stopSignal()
  const lines: Line[] = []
  const opens = async (what: 'sockets' | 'streams', line: Line, notKnown = APART) => {
    lines.push(line)
    return lookAtOpening(what, line, { stop, notKnown })
  }
  try {
    const sockets = await opens('sockets', socket(address, visitor.token))
    lines[0]!.cut()
    const streams = await opens('streams', stream(address, visitor.token), sockets.is === 'good' ? KEPT_BACK : APART)
    return [sockets, streams, ...(streams.is === 'good' ? [await lookAtTelling(visitor, lines[1]!, { config, stop })] : [])]
  } finally {
    for (const line of lines) line.cut()
    await visitor.leave()
  }
}

/** So many of the oldest accounts are looked at for one that has room for another device. */
const LOOKED_AT = 20

/** Somebody with few devices, so that none of them has to make room. Their own topic is sent to this machine; they show as there for some seconds. */
async function comes(store: Store): Promise<Visitor | null> {
  const userId = await store.read(async (db) => {
    const standing = db.selectFrom('users').innerJoin('passwords', 'passwords.userId', 'users.id').select('users.id')
    const oldest = await standing.where('users.disabledAt', 'is', null).orderBy('users.createdAt').limit(LOOKED_AT).execute()
    const devices = new Map<string, number>()
    for (const { id } of oldest) devices.set(id, (await sessionsOf(db, id)).length)
    const [fewest] = [...devices].toSorted(([, one], [, other]) => one - other)
    return fewest && fewest[1] < SESSIONS_MAX ? fewest[0] : null
  })
  const passwordHash = userId && (await store.read((db) => findPasswordHash(db, userId)))
  if (!passwordHash) return null
  const token = newSecret()
  const { sessionId } = await operate(store, 'session.start', {
    userId,
    passwordHash,
    tokenHash: hashSecret(token),
    device: 'belfry doctor',
  })
  return { token, leave: () => leave(store, { userId, sessionId }) }
}

async function leave(store: Store, who: { userId: string; sessionId: string }): Promise<void> {
  try {
    await store.write({ name: 'session.end', input: {}, actor: { is: 'person', ...who } })
  } catch (error) {
    const hasLeft = error instanceof Refusal && error.body.code === 'unauthenticated'
    if (!hasLeft) throw error
  }
}

const WHAT_TO_LET_THROUGH = {
  sockets: 'Let the proxy pass on Upgrade and Connection (deploy/nginx.conf does); until then the app uses streams.',
  streams: 'Let the proxy buffer nothing of /api/v1/stream (deploy/nginx.conf does); where sockets get through the app needs none.',
}

const APART = 'Who was just signed in here is not known there: let every node use one database, which is yours; compare DATABASE_URL.'

/** A socket says in its first frame who opens it, a stream in a header. */
const KEPT_BACK =
  'The socket was known there: let the proxy pass on Authorization, which backends need too. If it does, not every node has your database; compare DATABASE_URL.'

interface Opening {
  stop: AbortSignal
  /** What to do where whoever was signed in is not known there. */
  notKnown: string
}

async function lookAtOpening(what: 'sockets' | 'streams', { opens }: Line, { stop, notKnown }: Opening): Promise<Finding> {
  const began = performance.now()
  try {
    await within(OPENS_WITHIN_MS, opens, stop)
    return good(what, `One opens by the public address, within ${Math.round(performance.now() - began)} ms.`)
  } catch (error) {
    const todo = error instanceof NotKnown ? notKnown : WHAT_TO_LET_THROUGH[what]
    return bad(what, `None opens by the public address (${reasonOf(error)}). ${todo}`)
  }
}

async function lookAtTelling(visitor: Visitor, { ends }: Line, around: { config: Config; stop: AbortSignal }): Promise<Finding> {
  const began = performance.now()
  await visitor.leave()
  try {
    await within(TOLD_WITHIN_MS, ends, around.stop)
  } catch (error) {
    return bad(
      'telling',
      `What is written here is not told there (${reasonOf(error)}). Does the server use the same database, and the same Redis?`,
    )
  }
  const ms = Math.round(performance.now() - began)
  const says = `What is written here is told there within ${ms} ms`
  if (ms <= AT_ONCE_MS || hasNoBus(around.config)) return good('telling', `${says}.`)
  return odd('telling', `${says}: it did not come by the bus. Look at REDIS_URL, here and at the nodes.`)
}

/** A node alone on PostgreSQL looks for itself, now and then. */
function hasNoBus({ databaseUrl, redisUrl }: Config): boolean {
  return databaseUrl !== null && redisUrl === null
}

async function within<T>(ms: number, work: Promise<T>, stop: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`not within ${ms / 1000} s`)), ms)
  const stopped = () => late.reject(new Error('it was interrupted'))
  stop.addEventListener('abort', stopped)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', stopped)
  }
}
