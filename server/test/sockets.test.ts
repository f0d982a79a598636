import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { FRAME_MAX_BYTES } from '@belfry/protocol/limits.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { MemorySocket } from './memory-socket.ts'
import { settles, until } from './settle.ts'
import type { TestNode } from './test-node.ts'
import { type Person, World } from './world.ts'

let world: World
let node: TestNode
let http: Server
let alice: Person
let port = 0

beforeAll(async () => {
  world = await World.open()
  alice = await world.person('alice')
  node = world.opensNode()
  http = createServer()
  node.realtime.accept(http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  port = (http.address() as AddressInfo).port
})

afterAll(async () => {
  await node.realtime.closeAll()
  http.close()
  await world[Symbol.asyncDispose]()
})

interface Client {
  ws: WebSocket
  frames: { t: string }[]
  closed: Promise<number>
}

async function client(options: { headers?: Record<string, string> } = {}): Promise<Client> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/api/v1/socket`, options)
  const frames: { t: string }[] = []
  ws.on('message', (data) => void frames.push(JSON.parse(String(data)) as { t: string }))
  const closed = new Promise<number>((resolve) => ws.on('close', (code) => resolve(code)))
  await new Promise((resolve, reject) => void ws.on('open', resolve).on('error', reject))
  return { ws, frames, closed }
}

function hello(more: object = {}): string {
  return JSON.stringify({
    t: 'hello',
    v: PROTOCOL_VERSION,
    token: alice.device.token,
    positions: [['room:general']],
    ...more,
  })
}

async function greeted(): Promise<Client> {
  const greeted = await client()
  greeted.ws.send(hello())
  await until(() => greeted.frames.some(({ t }) => t === 'live'))
  return greeted
}

/** Somebody else's connection works as ever. */
async function expectUndisturbed({ ws, frames }: Client): Promise<void> {
  const pongs = frames.filter(({ t }) => t === 'pong').length
  ws.send(JSON.stringify({ t: 'ping' }))
  await until(() => frames.filter(({ t }) => t === 'pong').length > pongs)
}

test('who says hello is welcomed and told what they named, over a real socket', async () => {
  const { ws, frames } = await greeted()
  expect(frames.map(({ t }) => t)).toEqual(expect.arrayContaining(['welcome', 'snapshot', 'live']))
  expect(frames[0]).toMatchObject({
    t: 'welcome',
    user: { username: 'alice' },
    epoch: world.store.epoch,
    limits: { frameMaxBytes: FRAME_MAX_BYTES },
  })
  ws.close()
})

test('[P4] a frame too big closes that one connection with 1009', async () => {
  const [bad, good] = [await greeted(), await greeted()]
  bad.ws.send('x'.repeat(FRAME_MAX_BYTES + 1))
  expect(await bad.closed).toBe(1009)
  await expectUndisturbed(good)
  good.ws.close()
})

test.each([
  ['no JSON', '{"t":"ping"'],
  ['an unknown frame', '{"t":"shout"}'],
  ['a frame without what it needs', '{"t":"call","id":1}'],
  ['a second hello', '{"t":"hello","v":1,"positions":[]}'],
  ['binary', Buffer.from('{"t":"ping"}')],
])('%s closes that one connection with 4500', async (_name, data) => {
  const [bad, good] = [await greeted(), await greeted()]
  bad.ws.send(data)
  expect(await bad.closed).toBe(4500)
  await expectUndisturbed(good)
  good.ws.close()
})

test('what is no UTF-8 closes that one connection with 1007', async () => {
  const bad = await greeted()
  bad.ws.send(Buffer.from([0xff, 0xfe]), { binary: false })
  expect(await bad.closed).toBe(1007)
})

test.each([
  ['another version', { v: PROTOCOL_VERSION + 1 }, 4503],
  ['a wrong token', { token: 'wrong' }, 4501],
  ['no token', { token: undefined }, 4501],
])('hello with %s is answered by its close code', async (_name, more, code) => {
  const stranger = await client()
  stranger.ws.send(hello(more))
  expect(await stranger.closed).toBe(code)
})

test('what is not hello is no way to begin; what follows hello waits until it is greeted, in order', async () => {
  const rude = await client()
  rude.ws.send(JSON.stringify({ t: 'ping' }))
  expect(await rude.closed).toBe(4500)
  const hasty = await client()
  for (const frame of [hello(), '{"t":"call","id":1,"name":"me.get","input":{}}', '{"t":"ping"}']) hasty.ws.send(frame)
  await until(() => hasty.frames.some(({ t }) => t === 'pong') && hasty.frames.some(({ t }) => t === 'reply'))
  hasty.ws.close()
})

test('[P4] who does not say hello is sent away after 5 seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const stranger = new MemorySocket(node.server)
  vi.advanceTimersByTime(4_999)
  expect(stranger.closed).toBeNull()
  vi.advanceTimersByTime(1)
  vi.useRealTimers()
  await until(() => stranger.closed !== null)
  expect(stranger.closed?.code).toBe(1006)
})

test('a page of another origin is turned away before it can speak for its reader’s cookie', async () => {
  await expect(client({ headers: { origin: 'http://evil.example', cookie: 'session=x' } })).rejects.toThrow('403')
  const ours = await client({ headers: { origin: 'http://localhost' } })
  ours.ws.close()
})

test.each(['/', '/api/v1/socket/', '//[', '//', '*', 'http://[', '/api/v1/socket%00'])(
  'an upgrade at %s finds nothing, and the socket is let go',
  async (path) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (data) => void (answer += String(data)))
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    )
    await closed
    expect(answer).toMatch(/^HTTP\/1\.1 40[04]/)
  },
)

test('[A1] other people’s topics and what is no topic are not followed', async () => {
  const bob = await world.person('bob')
  const screen = await bob.opens(node)
  for (const topic of [alice.topic, 'room:nowhere', 'user:', 'Room:general', 'workspace:x']) {
    expect((await screen.follows(topic)).refusal?.code).toBe('not-found')
    expect(screen.told('unfollowed', topic)).toHaveLength(1)
  }
  expect(
    screen
      .told('snapshot')
      .map(({ topic }) => topic)
      .toSorted(),
  ).toEqual(['room:general', bob.topic])
  screen.socket.leaves()
})

test('nothing that a client sends stops the server or reaches another connection', async () => {
  const witness = await alice.opens(node)
  const anyFrame = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ bytes: Buffer.from(bytes) })),
    fc.json().map((text) => ({ text })),
    fc
      .record({
        t: fc.constantFrom('hello', 'call', 'follow', 'unfollow', 'ping', '__proto__'),
        id: fc.anything(),
        name: fc.anything(),
        topic: fc.anything(),
        input: fc.anything(),
      })
      .map(toText),
    fc
      .record({
        t: fc.constant('call'),
        id: fc.nat(),
        name: fc.constantFrom(
          'message.post',
          'message.list',
          'notification.mark',
          'user.list',
          'toString',
          '__proto__',
          'session.start',
          'user.update',
        ),
        input: fc.object(),
      })
      .map(toText),
    fc
      .record({
        t: fc.constant('follow'),
        id: fc.nat(),
        topic: fc.constantFrom('room:general', 'workspace', 'user:x'),
        epoch: fc.string(),
        seq: fc.nat(),
      })
      .map(toText),
  )
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(anyFrame, { maxLength: 12 }), async (isGreeted, frames) => {
      const socket = new MemorySocket(node.server)
      if (isGreeted) socket.sendsText(hello())
      for (const frame of frames) {
        if ('bytes' in frame) socket.sendsBytes(frame.bytes)
        else socket.sendsText(frame.text)
      }
      await settles()
      socket.cuts()
    }),
    { numRuns: 150, seed: 20_260_601 },
  )
  const before = witness.frames.length
  await alice.post('all is well')
  await settles()
  expect(witness.frames.slice(before)).toMatchObject([{ t: 'change', rows: { message: [{ body: 'all is well' }] } }])
  expect(world.failures).toEqual([])
})

function toText(value: object): { text: string } {
  try {
    return { text: JSON.stringify(value) ?? '' }
  } catch {
    return { text: '' }
  }
}
