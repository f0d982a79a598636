import { CLOSE } from '@belfry/protocol/close-codes.ts'
import type { DownFrame } from '@belfry/protocol/down.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import { findPasswordHash } from '@belfry/server/accounts/password-hashes.ts'
import { hashSecret, newSecret } from '@belfry/server/lib/secrets.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { operate } from '#data.ts'
import { bad, type Finding, good, odd, reasonOf, unknown } from './finding.ts'

const OPENS_WITHIN_MS = 5_000
/** Longer than the time between two looks at the database, by which what the bus lost is found. */
const TOLD_WITHIN_MS = 12_000
/** What comes by the bus comes sooner than the next look. */
const AT_ONCE_MS = 1_000

/** Somebody who is there, as the server has signed them in. */
interface Visitor {
  token: string
  leave(): Promise<unknown>
}

/** One way of being told: open once it has said so, over once it was told that the session has ended. */
interface Line {
  opens: Promise<void>
  ends: Promise<void>
  close(): void
}

/** Signs in, opens a socket and a stream by the public address, signs out, and sees whether both are told at once. */
export async function lookAtLines(store: Store, address: URL): Promise<Finding[]> {
  const visitor = await comes(store)
  if (visitor === null) return [unknown('sockets', 'Nobody has an account yet: run this again when somebody has.')]
  const lines = { sockets: socket(address, visitor.token), streams: stream(address, visitor.token) }
  try {
    const opened = await Promise.all([lookAtOpening('sockets', lines.sockets), lookAtOpening('streams', lines.streams)])
    if (opened.some(({ is }) => is === 'bad')) return opened
    return [...opened, await lookAtTelling(visitor, [lines.sockets, lines.streams])]
  } finally {
    for (const { close } of Object.values(lines)) close()
    await visitor.leave()
  }
}

/** A session of an administrator, for as long as this takes: nothing else is read or written by it. */
async function comes(store: Store): Promise<Visitor | null> {
  const userId = await store.read(async (db) => {
    const standing = db.selectFrom('users').innerJoin('passwords', 'passwords.userId', 'users.id').select('users.id')
    const found = standing.where('users.disabledAt', 'is', null).orderBy('users.createdAt').limit(1)
    return (await found.executeTakeFirst())?.id
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

/** It may have left already. */
async function leave(store: Store, who: { userId: string; sessionId: string }): Promise<void> {
  await store.write({ name: 'session.end', input: {}, actor: { is: 'person', ...who } }).catch(() => {})
}

const WHAT_TO_LET_THROUGH = {
  sockets: 'Let the proxy pass on Upgrade and Connection (deploy/nginx.conf does); until then the app uses streams.',
  streams: 'Let the proxy buffer nothing of /api/v1/stream (deploy/nginx.conf does); where sockets get through the app needs none.',
}

async function lookAtOpening(what: 'sockets' | 'streams', line: Line): Promise<Finding> {
  const began = performance.now()
  try {
    await within(OPENS_WITHIN_MS, line.opens)
    return good(what, `One opens by the public address, within ${Math.round(performance.now() - began)} ms.`)
  } catch (error) {
    return bad(what, `None opens by the public address (${reasonOf(error)}). ${WHAT_TO_LET_THROUGH[what]}`)
  }
}

async function lookAtTelling(visitor: Visitor, lines: Line[]): Promise<Finding> {
  const began = performance.now()
  await visitor.leave()
  try {
    await within(TOLD_WITHIN_MS, Promise.all(lines.map(({ ends }) => ends)))
  } catch (error) {
    return bad(
      'telling',
      `What is written here is not told there (${reasonOf(error)}). Does the server use the same database, and the same Redis?`,
    )
  }
  const ms = Math.round(performance.now() - began)
  const says = `What is written here is told by both within ${ms} ms`
  return ms <= AT_ONCE_MS
    ? good('telling', `${says}.`)
    : odd('telling', `${says}: it did not come by the bus. Look at REDIS_URL, here and at the nodes.`)
}

function socket(address: URL, token: string): Line {
  const url = new URL('/api/v1/socket', address)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const ws = new WebSocket(url)
  const [opens, ends] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  ws.onopen = () => ws.send(JSON.stringify({ t: 'hello', v: PROTOCOL_VERSION, token, positions: [] }))
  ws.onmessage = ({ data }) => (JSON.parse(String(data)) as DownFrame).t === 'live' && opens.resolve()
  ws.onclose = ({ code }) => {
    opens.reject(new Error(`it closed with ${code}`))
    if (code === CLOSE['session-ended']) ends.resolve()
    else ends.reject(new Error(`a socket closed with ${code}`))
  }
  return line([opens, ends], () => ws.close())
}

function stream(address: URL, token: string): Line {
  const [opens, ends] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const over = new AbortController()
  const read = async () => {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
    const { ok, status, body } = await fetch(new URL('/api/v1/stream', address), { headers, signal: over.signal })
    if (!ok || !body) throw new Error(`the answer was ${status}`)
    let told = ''
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      told += piece
      if (told.includes('"t":"live"')) opens.resolve()
      if (told.includes(`"code":${CLOSE['session-ended']}`)) return ends.resolve()
    }
    throw new Error('the stream ended')
  }
  read().catch((error: unknown) => {
    opens.reject(error)
    ends.reject(error)
  })
  return line([opens, ends], () => over.abort())
}

/** What nobody waits for any more may fail in silence. */
function line([opens, ends]: [PromiseWithResolvers<void>, PromiseWithResolvers<void>], close: () => void): Line {
  for (const { promise } of [opens, ends]) promise.catch(() => {})
  return { opens: opens.promise, ends: ends.promise, close }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`not within ${ms / 1000} s`)), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
