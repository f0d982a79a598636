import { randomUUID } from 'node:crypto'
import { CLOSE } from '@belfry/protocol/close-codes.ts'
import type { DownFrame } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import { SILENCE_MAX_MS, STREAM_PULSE_EVERY_MS, TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { positionsQuery } from '@belfry/protocol/positions.ts'
import type { Position } from '@belfry/protocol/up.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { encode } from '#realtime/frames.ts'
import { WebSocket } from 'ws'
import { openWorld, PASSWORD, type Person, type World } from './http-world.ts'
import { settles, until } from './settle.ts'
import { StreamReader } from './stream-reader.ts'
import { testWrites } from './test-writes.ts'

const GENERAL = 'room:general'
const CELLAR = 'room:cellar'

afterEach(() => vi.useRealTimers())

/** A stream of what is named, all of it live. */
async function follows({ world, person }: { world: World; person: Person }, positions: Position[] = [[GENERAL]]): Promise<StreamReader> {
  const address = `${world.url}/api/v1/stream?v=${PROTOCOL_VERSION}&${positionsQuery(positions)}`
  const reader = await StreamReader.open(address, { authorization: `Bearer ${person.token}` })
  await until(() => positions.every(([topic]) => reader.told('live', topic).length + reader.told('unfollowed', topic).length > 0))
  return reader
}

/** What a socket is told that follows the same. */
async function listens({ world, person }: { world: World; person: Person }, positions: Position[]): Promise<DownFrame[]> {
  const frames: DownFrame[] = []
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/api/v1/socket`)
  socket.on('message', (data) => void frames.push(downFrameIn(String(data))))
  socket.on('open', () => socket.send(JSON.stringify({ t: 'hello', v: PROTOCOL_VERSION, token: person.token, positions })))
  await until(() => positions.every(([topic]) => frames.some((frame) => frame.t === 'live' && frame.topic === topic)))
  return frames
}

async function posts(person: Person, ...bodies: string[]): Promise<Message[]> {
  const answers = []
  for (const body of bodies) answers.push((await person.post('/rooms/general/messages', { body })).body)
  return answers
}

/** Messages of 90 kB each, some at a time, until something is so. */
async function floods(person: Person, isSo: () => boolean): Promise<void> {
  for (let batch = 0; !isSo() && batch < 200; batch++)
    await Promise.all(Array.from({ length: 8 }, () => posts(person, `x${'\u0001'.repeat(15_000)}`)))
  expect(isSo()).toBe(true)
}

function connectionOf({ realtime }: World, { user }: Person) {
  return [...realtime.connections.all()].find(({ follower }) => follower.userId === user.id)!
}

test('a stream tells what a socket tells, frame by frame', async () => {
  await using world = await openWorld({ writes: testWrites })
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  await world.operate('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
  const member = (is: 'in' | 'out') => world.operate('test.member', { roomId: 'cellar', userId: bob.user.id, is })
  await member('in')
  const [first] = await posts(alice, 'before')
  const positions: Position[] = [[GENERAL], [CELLAR], ['workspace'], [`user:${bob.user.id}`]]
  const bySocket = await listens({ world, person: bob }, positions)
  const byStream = await follows({ world, person: bob }, positions)

  await posts(alice, 'one', 'two\nlines, “quotes” and 🔔')
  await alice.patch(`/rooms/general/messages/${first!.id}`, { body: 'edited', changed: first!.changed })
  await alice.delete(`/rooms/general/messages/${first!.id}`)
  await world.operate('notification.publish', { to: 'bob', title: 'Build failed' })
  await posts(alice, ...Array.from({ length: 12 }, (_, at) => `${at}${'\u0001'.repeat(15_000)}`))
  await member('out')
  await until(() => [bySocket, byStream.frames].every((frames) => frames.some(({ t }) => t === 'unfollowed')))
  world.realtime.announceStop(700)
  await until(() => [bySocket, byStream.frames].every((frames) => frames.some(({ t }) => t === 'drain')))

  const told = (frames: DownFrame[]) => frames.map((frame) => (frame.t === 'welcome' ? { ...frame, connection: '', serverTime: 0 } : frame))
  expect(told(byStream.frames)).toEqual(told(bySocket))
  expect(byStream.ids).toEqual([])
})

test('[F1] who comes back with their positions gets what they missed, and what they hold no second time', async () => {
  await using world = await openWorld()
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  const [one] = await posts(alice, 'one', 'two')
  const { epoch } = world.store
  const resumed = await follows({ world, person: bob }, [[GENERAL, epoch, one!.changed]])
  expect(resumed.bodies()).toEqual(['two'])
  expect(resumed.told('change', GENERAL)).toMatchObject([{ prev: one!.changed, seq: one!.changed + 1 }])
  expect(resumed.told('live', `user:${bob.user.id}`)).toHaveLength(1)

  const upToDate = await follows({ world, person: bob }, [[GENERAL, epoch, one!.changed + 1]])
  expect(upToDate.told('snapshot', GENERAL)).toEqual([])
  expect(upToDate.told('change', GENERAL)).toEqual([])
  const restored = await follows({ world, person: bob }, [[GENERAL, 'another', one!.changed]])
  expect(restored.told('snapshot', GENERAL)).toHaveLength(1)
})

test('[P4] as many topics as one may follow fit into the address', async () => {
  await using world = await openWorld()
  const alice = await world.person('alice')
  const { epoch } = world.store
  const rooms = Array.from({ length: TOPICS_PER_CONNECTION_MAX - 2 }, (): Position => [`room:${randomUUID()}`, epoch, 1_000_000])
  const reader = await follows({ world, person: alice }, [...rooms, ['workspace']])
  expect(reader.told('unfollowed').map(({ topic }) => topic)).toEqual(rooms.map(([topic]) => topic))
  expect(reader.told('live').map(({ topic }) => topic)).toEqual([`user:${alice.user.id}`, 'workspace'])
})

test('proxies are told neither to keep a stream nor to change it, nor to hold it back', async () => {
  await using world = await openWorld()
  const alice = await world.person('alice')
  const { headers, status } = await follows({ world, person: alice })
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
  expect(headers['content-encoding']).toBeUndefined()
  const head = await alice.send('HEAD', '/stream', {})
  expect([head.status, head.headers.get('content-type'), head.body]).toEqual([200, 'text/event-stream', ''])
})

test('what is refused before it begins is a problem document', async () => {
  await using world = await openWorld()
  const [alice, program] = [await world.person('alice'), await world.program('notify')]
  const refused = async (answer: Promise<{ status: number; headers: Headers; body: unknown }>, problem: object) => {
    const { headers, body } = await answer
    expect(headers.get('content-type')).toContain('application/problem+json')
    expect(body).toMatchObject(problem)
  }
  await refused(world.stranger().get('/stream'), { status: 401, code: 'unauthenticated' })
  await refused(world.stranger({ authorization: 'Bearer nonsense' }).get('/stream'), { status: 401, code: 'unauthenticated' })
  await refused(program.get('/stream'), { status: 401, code: 'unauthenticated' })
  await refused(alice.get(`/stream?v=${PROTOCOL_VERSION + 1}`), { status: 400, code: 'version' })
  for (const query of ['follow=room:general@12', 'follow=,', 'follow=a@b', 'epoch=e&follow=workspace@-1', 'follow=a&follow=b'])
    await refused(alice.get(`/stream?${query}`), { status: 400, code: 'malformed' })
  const tooMany = Array.from({ length: 129 }, (_, at): Position => [`room:${at}`])
  await refused(alice.get(`/stream?${positionsQuery(tooMany)}`), { status: 400, code: 'malformed' })
  await refused(alice.post('/stream', {}), { status: 405, code: 'malformed' })
  world.realtime.announceStop(1_000)
  const stopping = await alice.get('/stream')
  expect(stopping).toMatchObject({ status: 503, body: { code: 'shutting-down' } })
  expect(stopping.headers.get('retry-after')).toBe('1')
  expect(world.realtime.connections.size).toBe(0)
})

test.each([
  ['of another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['of a neighbour', { 'sec-fetch-site': 'same-site' }, 403],
  ['of another origin', { origin: 'https://evil.example' }, 403],
  ['of ours', { 'sec-fetch-site': 'same-origin' }, 200],
  ['that says nothing of itself', {}, 200],
])('with a cookie, a page %s', async (_, headers: Record<string, string>, status) => {
  await using world = await openWorld()
  await world.person('alice')
  const signedIn = await world.stranger().post('/session', { username: 'alice', password: PASSWORD })
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
  for (const path of ['/stream', '/topics/room:general/changes']) {
    const reader = await StreamReader.open(`${world.url}/api/v1${path}`, { cookie, ...headers })
    expect([path, reader.status]).toEqual([path, status])
    reader.leaves()
  }
})

test('[A1] [A2] a topic that is not one’s own is refused; a removed member gets unfollowed instead of that change', async () => {
  await using world = await openWorld({ writes: testWrites })
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  await world.operate('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
  const member = ({ user }: Person, is: 'in' | 'out') => world.operate('test.member', { roomId: 'cellar', userId: user.id, is })
  await Promise.all([member(alice, 'in'), member(bob, 'in')])
  const reader = await follows({ world, person: bob }, [[CELLAR], [`user:${alice.user.id}`], ['room:nowhere']])
  expect(reader.told('unfollowed').map(({ topic }) => topic)).toEqual([`user:${alice.user.id}`, 'room:nowhere'])
  await Promise.all([member(bob, 'out'), alice.post('/rooms/cellar/messages', { body: 'a secret' })])
  await until(() => reader.told('unfollowed', CELLAR).length > 0)
  await settles()
  expect(JSON.stringify(reader.frames)).not.toContain('a secret')
  expect(reader.isOver).toBe(false)
})

test('[A4] the end of the session ends the stream, which says so in its last frame', async () => {
  await using world = await openWorld()
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  const [hers, his] = [await follows({ world, person: alice }, []), await follows({ world, person: bob })]
  await alice.delete('/session')
  await hers.ends()
  expect(hers.frames.at(-1)).toEqual({ t: 'close', code: CLOSE['session-ended'], reason: 'session-ended' })
  expect(his.isOver).toBe(false)
  await until(() => world.realtime.connections.size === 1)
})

test('[P4] streams and sockets of a person count together: the oldest makes room', async () => {
  await using world = await openWorld({ connectionsPerUserMax: 2 })
  const alice = await world.person('alice')
  const oldest = await follows({ world, person: alice })
  await listens({ world, person: alice }, [[GENERAL]])
  const newest = await follows({ world, person: alice })
  await oldest.ends()
  expect(oldest.frames.at(-1)).toMatchObject({ t: 'close', code: CLOSE['too-many-connections'] })
  expect(newest.isOver).toBe(false)
})

test('[P4] streams are opened as often as one may look', async () => {
  await using world = await openWorld({ others: { burst: 2, perSecond: 0.001 } })
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  const opens = (person: Person, path: string) => person.send('HEAD', path, {})
  const paths = ['/stream', '/topics/room:general/changes', '/stream', '/topics/room:general/changes']
  const answers = []
  for (const path of paths) answers.push((await opens(alice, path)).status)
  expect(answers).toEqual([200, 200, 429, 429])
  expect((await alice.get('/stream')).body).toMatchObject({ code: 'rate-limited', retryAfterMs: expect.any(Number) })
  expect((await opens(bob, '/stream')).status).toBe(200)
})

test('[P4] a topic that is named again and again is followed once, by a stream and by a socket', async () => {
  await using world = await openWorld()
  const alice = await world.person('alice')
  const own: Position = [`user:${alice.user.id}`]
  const positions: Position[] = [[GENERAL], own, ...Array.from({ length: 50 }, (): Position => [GENERAL]), own, ['workspace']]
  const bySocket = await listens({ world, person: alice }, positions)
  const byStream = await follows({ world, person: alice }, positions)
  for (const frames of [bySocket, byStream.frames]) {
    const snapshots = frames.flatMap((frame) => (frame.t === 'snapshot' ? [frame.topic] : []))
    expect(snapshots).toEqual([own[0], GENERAL, 'workspace'])
  }
})

test('[P5] a server that stops says so on streams too, with when to come back', async () => {
  await using world = await openWorld()
  const alice = await world.person('alice')
  const reader = await follows({ world, person: alice })
  world.realtime.announceStop(2_000)
  await world.realtime.closeAll()
  await reader.ends()
  expect(reader.frames.slice(-2)).toEqual([
    { t: 'drain', withinMs: 2_000 },
    { t: 'close', code: CLOSE['shutting-down'], reason: 'shutting-down' },
  ])
})

test('[P3] who reads a stream slowly falls behind, disturbs nobody, and catches up; who does not in 30 s is sent away', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  await using world = await openWorld()
  const [alice, bob, carol] = [await world.person('alice'), await world.person('bob'), await world.person('carol')]
  const [slow, quick] = [await follows({ world, person: bob }), await follows({ world, person: carol })]
  const his = connectionOf(world, bob)
  slow.stalls()
  await floods(alice, () => his.behind.has(GENERAL))
  await posts(alice, 'the last')
  await until(() => quick.bodies().at(-1) === 'the last')
  expect(his.out.writableLength).toBeLessThan(3 * 1024 * 1024)
  slow.readsAgain()
  await until(() => slow.bodies().at(-1) === 'the last')
  expect(slow.bodies()).toEqual(quick.bodies())
  expect(his.behindSince).toBeNull()

  slow.stalls()
  await floods(alice, () => his.behind.has(GENERAL))
  vi.advanceTimersByTime(36_000)
  expect(his.isOpen).toBe(false)
  slow.readsAgain()
  await slow.ends()
  expect(slow.frames.at(-1)).toMatchObject({ t: 'close', code: CLOSE['too-slow'] })
  expect(quick.isOver).toBe(false)
})

test('[P4] a stream says that it lives, and lasts as long as it is read', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  await using world = await openWorld()
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  const reader = await follows({ world, person: alice }, [])
  // Who has not read what waits gets no sign of life.
  await until(() => reader.told('bump').length > 0)
  vi.advanceTimersByTime(STREAM_PULSE_EVERY_MS)
  await until(() => reader.pulses === 1)
  for (let ms = 0; ms < 2 * SILENCE_MAX_MS; ms += STREAM_PULSE_EVERY_MS) {
    vi.advanceTimersByTime(STREAM_PULSE_EVERY_MS)
    await settles()
  }
  const pulses = 1 + (2 * SILENCE_MAX_MS) / STREAM_PULSE_EVERY_MS
  await until(() => reader.pulses >= pulses)
  expect([reader.pulses, reader.isOver]).toEqual([pulses, false])
  // What the server has yet to write keeps nobody from being alive.
  connectionOf(world, alice).sendEncoded(encode({ t: 'pong' }), 'news')
  vi.advanceTimersByTime(STREAM_PULSE_EVERY_MS)
  await until(() => reader.pulses === pulses + 1)

  const silent = await follows({ world, person: bob })
  const his = connectionOf(world, bob)
  silent.stalls()
  await floods(alice, () => his.out.writableLength > 0)
  vi.advanceTimersByTime(SILENCE_MAX_MS + STREAM_PULSE_EVERY_MS)
  expect(his.isOpen).toBe(false)
  silent.readsAgain()
  await silent.ends()
  expect(silent.frames.at(-1)).toMatchObject({ t: 'close', code: CLOSE.silent })
})

test('[P1] [P2] a burst is one write for each stream, and the same bytes for all', async () => {
  await using world = await openWorld()
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  for (const person of [alice, bob]) await follows({ world, person })
  await settles()
  const written: Buffer[] = []
  for (const { out } of world.realtime.connections.all()) vi.spyOn(out, 'write').mockImplementation((bytes) => written.push(bytes) > 0)
  const commits = world.store.queue.stats.commits
  await Promise.all(['one', 'two', 'three'].map((body) => posts(alice, body)))
  await settles()
  const turns = world.store.queue.stats.commits - commits
  expect(turns).toBeLessThanOrEqual(3)
  expect(written).toHaveLength(2 * turns)
  for (let at = 0; at < written.length; at += 2) expect(written[at]).toBe(written[at + 1])
})
