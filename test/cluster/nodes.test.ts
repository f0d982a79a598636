import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { rollOnce } from '#bench/src/figures/rolling.ts'
import { makePeople, runBelfry } from '#bench/src/programs/belfry-server.ts'
import { type Cluster, startCluster } from '#bench/src/programs/cluster.ts'
import type { LocalProgram } from '#bench/src/programs/local-program.ts'
import { nginx, openssl, postgres, redis } from '#test/binaries.ts'
import { requests } from './through-nginx.ts'

const PASSWORD = 'correct horse battery'
/** So many write at a time. */
const WRITERS = 6
/** So many follow meanwhile. */
const FOLLOWERS = 30

describe.skipIf([nginx, openssl, postgres, redis].some(({ missing }) => missing))('two nodes over one database', () => {
  test('[F4] [W2] [P5] who follows at one hears what is written at the other, also while Redis stands still and after a node was killed; who writes notices no restart', async () => {
    await using cluster = await startCluster(2, { WEB: 'off' })
    const [one, other] = cluster.nodes as [LocalProgram, LocalProgram]
    const cookie = await signsIn(cluster, one)
    const seen = await follows(other, cookie)

    await posts(one, { cookie, body: 'over the bus' })
    await expect.poll(seen).toContain('over the bus')

    cluster.redis.pause()
    await expect.poll(() => busOf(other)).toBe('silent')
    await posts(one, { cookie, body: 'from the database' })
    await expect.poll(seen).toContain('from the database')
    cluster.redis.resume()
    await expect.poll(() => busOf(other)).toBe('ok')

    await one.kill()
    await posts(other, { cookie, body: 'at the one that is left' })
    await expect.poll(seen).toContain('at the one that is left')
    await one.start()
    await posts(one, { cookie, body: 'and at both' })
    await expect.poll(seen).toContain('and at both')

    // [P5] Whoever asks over HTTP meanwhile notices nothing.
    for (const node of cluster.nodes) {
      let isOver = false
      const writing = Promise.all(
        Array.from({ length: WRITERS }, async () => {
          while (!isOver) expect(await postsThrough(cluster, cookie)).toBe(201)
        }),
      )
      await Promise.all([writing, node.restart().finally(() => (isOver = true))])
    }
  })

  test('[P5] a node that is stopped while a job of it waits for the database sends its people to the others all the same', async () => {
    await using cluster = await startCluster(1, { WEB: 'off' })
    const [node] = cluster.nodes as [LocalProgram]
    const seen = await follows(node, await signsIn(cluster, node))
    const client = new pg.Client({ connectionString: cluster.postgres.url })
    await client.connect()
    try {
      await client.query('BEGIN; LOCK TABLE jobs')
      const waiting = async () => (await client.query(`SELECT FROM pg_locks WHERE NOT granted`)).rowCount
      await expect.poll(waiting).toBeGreaterThan(0)
      const ended = node.kill('SIGTERM')
      await expect.poll(seen, { interval: 10 }).toContain('"code":4000')
      // For the lock it waits 3 s.
      expect(await waiting()).toBeGreaterThan(0)
      await client.query('ROLLBACK')
      await ended
    } finally {
      await client.end()
    }
  })

  test('[P5] a node that stops takes nobody new first, and still answers over the connections that it has', async () => {
    await using cluster = await startCluster(1, { WEB: 'off' })
    const [node] = cluster.nodes as [LocalProgram]
    using connection = keptConnection()
    await asksOver(connection, node)
    const ended = node.kill('SIGTERM')
    await expect.poll(() => fetch(node.url).then(Boolean, () => 'nobody'), { interval: 5 }).toBe('nobody')
    expect(await asksOver(connection, node)).toEqual({ status: 401, isLast: true })
    await ended
  })

  test('[P5] [F1] [W8] whoever follows and posts by way of nginx is let in wherever they come while one node after the other is started anew, and misses nothing', async () => {
    await using cluster = await startCluster(2, { WEB: 'off' })
    const { tokens, rooms } = await makePeople('', { people: FOLLOWERS + WRITERS, databaseUrl: cluster.postgres.url })
    const people = { followers: FOLLOWERS, senders: WRITERS, postEveryMs: 20, tokens, room: rooms[0]! }
    const { tookMs, ...lost } = await rollOnce(cluster, people)
    expect(lost).toEqual({ notDelivered: 0, gaveUp: 0, turnedAway: 0 })
    expect(tookMs.length).toBeGreaterThanOrEqual(FOLLOWERS)
  })
})

async function signsIn({ settings }: Cluster, { url }: LocalProgram): Promise<string> {
  await runBelfry(settings, ['user', 'create', 'alice', '--password-stdin'], PASSWORD)
  const answer = await sends(`${url}/api/v1/session`, { body: { username: 'alice', password: PASSWORD } })
  return answer.headers.getSetCookie()[0]!.split(';')[0]!
}

async function posts({ url }: LocalProgram, { cookie, body }: { cookie: string; body: string }): Promise<void> {
  await sends(`${url}/api/v1/rooms/general/messages`, { cookie, body: { id: uuidv7(), body } })
}

/** Answers the status. */
async function postsThrough({ nginx }: Cluster, cookie: string): Promise<number | undefined> {
  const to = { path: '/api/v1/rooms/general/messages', method: 'POST', headers: { cookie, 'content-type': 'application/json' } }
  const asked = requests(nginx, to, JSON.stringify({ id: uuidv7(), body: 'while one is started anew' }))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}

async function sends(url: string, { cookie, body }: { cookie?: string; body: unknown }): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(cookie && { cookie }) }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(answer.ok).toBe(true)
  return answer
}

/** As a load balancer keeps it between two requests. */
function keptConnection(): Agent & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return Object.assign(agent, { [Symbol.dispose]: () => agent.destroy() })
}

/** `isLast`: the node wants no more over this connection. */
async function asksOver(agent: Agent, { url }: LocalProgram): Promise<{ status: number | undefined; isLast: boolean }> {
  const [response] = (await once(get(`${url}/api/v1/me`, { agent }), 'response')) as [IncomingMessage]
  await once(response.resume(), 'end')
  return { status: response.statusCode, isLast: response.headers.connection === 'close' }
}

/** Answers what was told until then. */
async function follows({ url }: LocalProgram, cookie: string): Promise<() => string> {
  const { body } = await fetch(`${url}/api/v1/topics/room:general/changes`, { headers: { cookie } })
  let text = ''
  const reading = body!.pipeThrough(new TextDecoderStream()).pipeTo(new WritableStream({ write: (piece) => void (text += piece) }))
  reading.catch(() => {})
  return () => text
}

async function busOf({ url }: LocalProgram): Promise<string> {
  const { bus } = (await (await fetch(`${url}/health`)).json()) as { bus: string }
  return bus
}
