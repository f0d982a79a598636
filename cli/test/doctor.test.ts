import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server as HttpServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { Belfry } from './belfry.ts'

interface Finding {
  what: string
  is: 'good' | 'odd' | 'bad' | 'unknown'
  says: string
}

/** To end, once all is said. */
const AT_ONCE_MS = 2_000

const proxies: HttpServer[] = []
const swallowed: Duplex[] = []

afterEach(() => {
  for (const socket of swallowed.splice(0)) socket.destroy()
  for (const proxy of proxies.splice(0)) proxy.close().closeAllConnections()
})

interface Examined {
  code: number | null
  findings: Finding[]
  /** By what it looked at. */
  found: Map<string, Finding>
}

async function examined(belfry: Belfry, env: Record<string, string>): Promise<Examined> {
  const { code, stdout, stderr } = await belfry.run(['doctor', '--json'], { env })
  expect(stderr).toBe('')
  const { findings } = JSON.parse(stdout) as { findings: Finding[] }
  return { code, findings, found: new Map(findings.map((finding) => [finding.what, finding])) }
}

const states = (found: Map<string, Finding>) => Object.fromEntries([...found.values()].map(({ what, is }) => [what, is]))

test('a server that is well', async () => {
  await using belfry = new Belfry()
  await belfry.hasUser('alice')
  const { url } = await belfry.serve()
  const env = { BASE_URL: url }
  const { code, stdout } = await belfry.run(['doctor'], { env })
  expect(stdout).toContain('Nothing is wrong.')
  expect(code).toBe(0)
  const { found } = await examined(belfry, env)
  const { origin } = new URL(url)
  const all = ['settings', 'database', 'disk', origin, 'proxy', 'sockets', 'streams', 'telling']
  expect([...found.keys()]).toEqual(all)
  expect([...found.values()].filter(({ is }) => is === 'bad')).toEqual([])
  // Nobody stays signed in by it.
  expect(belfry.query('SELECT id FROM sessions WHERE endedAt IS NULL')).toEqual([])
})

test('nothing is made where there is nothing, and a wrong setting is named', async () => {
  await using belfry = new Belfry()
  const { code, found } = await examined(belfry, { PORT: await emptyPort() })
  expect(code).toBe(1)
  expect(found.get('database')).toMatchObject({ is: 'unknown', says: expect.stringContaining(belfry.dataDir) as string })
  const { code: again, found: then } = await examined(belfry, { PORT: 'eighty' })
  expect(again).toBe(1)
  expect(then.get('settings')).toMatchObject({ is: 'bad', says: expect.stringContaining('PORT=eighty') as string })
  const rest = { database: 'unknown', proxy: 'unknown', sockets: 'unknown', streams: 'unknown', telling: 'unknown' }
  expect(states(then)).toEqual({ settings: 'bad', ...rest })
})

test('tables of an older version stay as they are', async () => {
  await using belfry = new Belfry()
  await belfry.hasUser('alice')
  belfry.writes((file) => file.exec('DELETE FROM kysely_migration WHERE name = (SELECT max(name) FROM kysely_migration)'))
  const before = belfry.query('SELECT name FROM kysely_migration')
  const { found } = await examined(belfry, { PORT: await emptyPort() })
  expect(found.get('database')).toMatchObject({ is: 'odd', says: expect.stringContaining('written by an older Belfry') as string })
  expect(belfry.query('SELECT name FROM kysely_migration')).toEqual(before)
})

test('a server with other data than these, and one that nobody can sign in to yet', async () => {
  await using one = new Belfry()
  await using other = new Belfry()
  const { url } = await one.serve()
  await other.hasUser('alice')
  const { origin } = new URL(url)
  expect((await examined(other, { BASE_URL: url })).found.get(origin)).toMatchObject({
    is: 'bad',
    says: expect.stringContaining('other data') as string,
  })
  const empty = { BASE_URL: url }
  const unseen = { sockets: 'unknown', streams: 'unknown', telling: 'unknown' }
  expect(states((await examined(one, empty)).found)).toMatchObject({ [origin]: 'good', ...unseen })
  expect((await one.run(['doctor'], { env: empty })).stdout).toContain('Nothing is wrong of what could be looked at.')
})

test('a proxy that lets no socket through, holds streams back and does not say who asks', async () => {
  await using belfry = new Belfry()
  await belfry.hasUser('alice')
  const { url } = await belfry.serve()
  const { code, found } = await examined(belfry, { BASE_URL: await proxyOf(url) })
  expect(code).toBe(1)
  expect(states(found)).toMatchObject({ proxy: 'odd', sockets: 'bad', streams: 'bad' })
  expect(found.get('proxy')!.says).toContain('127.0.0.2')
  expect(belfry.query('SELECT id FROM sessions WHERE endedAt IS NULL')).toEqual([])
})

test('it ends at once where a proxy takes the socket and passes nothing on', async () => {
  await using belfry = new Belfry()
  await belfry.hasUser('alice')
  const { url } = await belfry.serve()
  const doctor = belfry.begins(['doctor', '--json'], { BASE_URL: await proxyOf(url, { onUpgrade: swallow }) })
  const ended = once(doctor, 'close')
  const [said] = (await once(doctor.stdout!, 'data')) as [Buffer]
  const saidAt = performance.now()
  const { findings } = JSON.parse(String(said)) as { findings: Finding[] }
  expect(findings.find(({ what }) => what === 'sockets')).toMatchObject({
    is: 'bad',
    says: expect.stringContaining('not within 5 s') as string,
  })
  expect(await ended).toEqual([1, null])
  expect(performance.now() - saidAt).toBeLessThan(AT_ONCE_MS)
})

test('a server that believes another BASE_URL than the one that people type', async () => {
  await using belfry = new Belfry()
  const port = await emptyPort()
  await belfry.serve({ BASE_URL: 'https://chat.example.org', PORT: port })
  const { code, found } = await examined(belfry, { BASE_URL: `http://127.0.0.1:${port}` })
  expect(code).toBe(1)
  expect(found.get('proxy')).toMatchObject({
    is: 'bad',
    says: expect.stringContaining('Asked by http, the server believes it is https.') as string,
  })
})

test('a server that takes another address of the same scheme for its own, and refuses browsers', async () => {
  await using belfry = new Belfry()
  const port = await emptyPort()
  await belfry.serve({ BASE_URL: 'http://chat.example.org', PORT: port })
  const address = await proxyOf(`http://127.0.0.1:${port}`, { host: 'chat.example.org' })
  const { code, findings, found } = await examined(belfry, { BASE_URL: address })
  expect(code).toBe(1)
  expect(found.get(address)).toMatchObject({ is: 'good' })
  const refused = { what: 'proxy', is: 'bad', says: expect.stringContaining(`set BASE_URL to ${address} at every node.`) as string }
  expect(findings).toContainEqual(refused)
})

test('what stands between and cuts a DELETE off is named, and the server that answered is not lost by it', async () => {
  await using belfry = new Belfry()
  const { url } = await belfry.serve()
  const address = await proxyOf(url, { before: ({ method, socket }) => method === 'DELETE' && socket.destroy() })
  const { findings, found } = await examined(belfry, { BASE_URL: address })
  expect(found.get(address)).toMatchObject({ is: 'good' })
  const cut = { what: 'proxy', is: 'bad', says: expect.stringMatching(/^A DELETE does not get through \(.*\)\. Let the proxy/) as string }
  expect(findings).toContainEqual(cut)
})

test('a server that does not know who was signed in beside it has another database', async () => {
  await using one = new Belfry()
  await using other = new Belfry()
  await one.hasUser('alice')
  cpSync(one.dataDir, other.dataDir, { recursive: true })
  const { url } = await one.serve()
  const { code, found } = await examined(other, { BASE_URL: url })
  expect(code).toBe(1)
  const apart = { is: 'bad', says: expect.stringMatching(/\((it closed with 4501|the answer was 401)\)\. .* use one database/) as string }
  expect(found.get('sockets')).toMatchObject(apart)
  expect(found.get('streams')).toMatchObject(apart)
})

test('a proxy that keeps Authorization back, or asks for a password of its own, says nothing of the database', async () => {
  await using belfry = new Belfry()
  await belfry.hasUser('alice')
  const { url } = await belfry.serve()
  const keepsBack = await proxyOf(url, { onUpgrade: tunnel(url), before: ({ headers }) => void delete headers.authorization })
  const { found } = await examined(belfry, { BASE_URL: keepsBack })
  expect(found.get('sockets')).toMatchObject({ is: 'good' })
  expect(found.get('streams')!.says).toMatch(/\(the answer was 401\)\. The socket was known there: let the proxy pass on Authorization/)
  const asks = await proxyOf(url, { before: ({ url: path }, answer) => path !== '/health' && answer.writeHead(401).end('<h1>401</h1>') })
  const { found: then } = await examined(belfry, { BASE_URL: asks })
  expect(then.get('streams')!.says).toMatch(/\(the answer was 401, and not from Belfry\)\. Let the proxy/)
})

test('a clock that is an hour behind', async () => {
  await using belfry = new Belfry()
  const late = createServer((_request, response) => {
    const you = { address: '127.0.0.2', scheme: 'http' }
    const date = new Date(Date.now() - 3_600_000).toUTCString()
    response.writeHead(200, { date }).end(JSON.stringify({ status: 'ok', epoch: 'e', bus: 'ok', you }))
  })
  proxies.push(late)
  const { code, found } = await examined(belfry, { BASE_URL: await listens(late) })
  expect(code).toBe(1)
  expect(found.get('clock')).toMatchObject({
    is: 'bad',
    says: expect.stringMatching(/is 3(599|600|601)\.\d s behind this machine/) as string,
  })
})

test('what is no Belfry, and a Redis that is not there', async () => {
  await using belfry = new Belfry()
  await belfry.hasUser('alice')
  const nothing = createServer((_request, response) => response.end('<h1>It works!</h1>'))
  proxies.push(nothing)
  const url = await listens(nothing)
  const { found } = await examined(belfry, { BASE_URL: url, REDIS_URL: `redis://:secret@127.0.0.1:${await emptyPort()}` })
  expect(states(found)).toMatchObject({ settings: 'bad', Redis: 'bad', [new URL(url).origin]: 'bad' })
  expect(found.get('Redis')!.says).not.toContain('secret')
})

interface Proxying {
  onUpgrade?(request: IncomingMessage, socket: Duplex): void
  /** What it says that was asked for; left out: as it was asked. */
  host?: string
  /** Changes what was asked, or answers in its stead. */
  before?(asked: IncomingMessage, answer: ServerResponse): unknown
}

/** It answers when an answer is whole, says nothing of who asks, and knows no Upgrade. */
async function proxyOf(url: string, { onUpgrade, host, before }: Proxying = {}): Promise<string> {
  const proxy = createServer((incoming, outgoing) => {
    before?.(incoming, outgoing)
    if (outgoing.writableEnded || outgoing.destroyed) return
    const { upgrade: _, connection: __, ...asked } = incoming.headers
    const headers = { ...asked, ...(host !== undefined && { host }) }
    const onward = request(new URL(incoming.url!, url), { method: incoming.method, headers }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () => outgoing.writeHead(answer.statusCode!, answer.headers).end(Buffer.concat(pieces)))
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  if (onUpgrade) proxy.on('upgrade', onUpgrade)
  proxies.push(proxy)
  return listens(proxy)
}

/** [RFC 6455, 4.2.2] It says that the socket stands, and nothing more, not even goodbye. */
function swallow({ headers }: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
  socket.on('error', () => {}).resume()
  swallowed.push(socket)
}

/** It passes on whatever either side says. */
function tunnel(to: string): (request: IncomingMessage, socket: Duplex) => void {
  return ({ url, rawHeaders }, socket) => {
    const onward = connect(Number(new URL(to).port), '127.0.0.1')
    const headers = rawHeaders.map((word, at) => (at % 2 === 0 ? `${word}: ` : `${word}\r\n`)).join('')
    onward.write(`GET ${url} HTTP/1.1\r\n${headers}\r\n`)
    socket.on('error', () => onward.destroy()).pipe(onward)
    onward.on('error', () => socket.destroy()).pipe(socket)
    swallowed.push(socket, onward)
  }
}

async function listens(server: HttpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Where nobody listens. */
async function emptyPort(): Promise<string> {
  const server = createServer()
  const { port } = new URL(await listens(server))
  await new Promise((resolve) => server.close(resolve))
  return port
}
