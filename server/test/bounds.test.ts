import { afterEach, expect, test, vi } from 'vitest'
import { Feed } from '#realtime/feed.ts'
import type { Connection } from '#realtime/connection.ts'
import { nodeMetrics } from '#node-metrics.ts'
import type { Store } from '#store/store.ts'
import { MemorySocket } from './memory-socket.ts'
import { Screen } from './screen.ts'
import { settles, until } from './settle.ts'
import { TestNode } from './test-node.ts'
import { type Person, refusal, World } from './world.ts'

const GENERAL = 'room:general'
const LONG = 'x'.repeat(15_000)
/** More long messages than are told row by row. */
const TOO_MANY = 150

afterEach(() => vi.useRealTimers())

/** Posts long messages, which are committed together. */
function writesMuch(person: Person, { roomId = 'general', count = TOO_MANY } = {}) {
  return Promise.all(Array.from({ length: count }, () => person.post(LONG, { roomId })))
}

test('[F3] who missed more bytes than may wait for a reader comes back all the same, by a snapshot', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const { changed } = await alice.post('the first')
  for (let batch = 0; batch < 15; batch++) await writesMuch(alice)
  const screen = await bob.opens(world.opensNode(), [[GENERAL, world.store.epoch, changed]])
  expect(screen.socket.closed).toBeNull()
  expect(screen.told('change', GENERAL)).toEqual([])
  expect(screen.told('snapshot', GENERAL).length).toBeGreaterThan(0)
  expect(screen.position(GENERAL)?.seq).toBe(await world.seqOf(GENERAL))
})

test('[F3] [P4] what was missed in many topics comes as fast as it is read', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const rooms = Array.from({ length: 30 }, (_, at) => `room${at}`)
  for (const id of rooms) {
    await world.operates('test.room', { id, name: id, kind: 'open' })
    await world.operates('test.member', { roomId: id, userId: alice.id, is: 'in' })
  }
  for (const id of rooms) await writesMuch(alice, { roomId: id, count: 90 })
  const node = world.opensNode()
  const screen = await bob.opens(
    node,
    rooms.map((id) => [`room:${id}`, world.store.epoch, 1]),
  )
  expect(screen.socket.closed).toBeNull()
  const told = rooms.map((id) => screen.told('change', `room:${id}`).flatMap(({ rows }) => rows.message ?? []).length)
  expect(new Set(told)).toEqual(new Set([90]))

  const stalled = new Screen(node.server)
  stalled.socket.stalls()
  const greeted = stalled.hello(
    bob.device.token,
    rooms.map((id) => [`room:${id}`, world.store.epoch, 1]),
  )
  await settles()
  const his = [...node.realtime.connections.all()].at(-1)!
  expect(his.out.writableLength).toBeLessThan(16 * 1024 * 1024)
  stalled.socket.readsAgain()
  await greeted
  expect(stalled.socket.closed).toBeNull()
})

test('[F3] a change that is too much to be told row by row is told as a snapshot', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await bob.opens(world.opensNode())
  await writesMuch(alice)
  await alice.post('the last')
  await settles()
  expect(screen.told('snapshot', GENERAL).length).toBeGreaterThan(1)
  expect(screen.bodies(GENERAL).at(-1)).toBe('the last')
  expect(screen.gaps).toEqual([])
})

test('[A2] [F3] who may not follow any more gets no snapshot either', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  await world.operates('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
  const moves = (person: Person, is: 'in' | 'out') => world.operates('test.member', { roomId: 'cellar', userId: person.id, is })
  await Promise.all([moves(alice, 'in'), moves(bob, 'in')])
  const node = world.opensNode()
  const [hers, his] = [await alice.opens(node, [['room:cellar']]), await bob.opens(node, [['room:cellar']])]
  await Promise.all([moves(alice, 'in'), moves(bob, 'out'), writesMuch(alice, { roomId: 'cellar' })])
  await settles()
  expect(hers.told('snapshot', 'room:cellar').length).toBeGreaterThan(1)
  expect(his.told('snapshot', 'room:cellar')).toHaveLength(1)
  expect(his.frames.at(-1)).toEqual({ t: 'unfollowed', topic: 'room:cellar', reason: 'not-found' })
})

test('[P4] who asks for a lot does not keep others waiting', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  await alice.posts(...Array.from({ length: 20 }, () => LONG))
  const node = world.opensNode()
  const [greedy, other] = [await alice.opens(node, []), await bob.opens(node, [])]
  for (let id = 1; id <= 100; id++) greedy.sends({ t: 'call', id, name: 'message.list', input: { roomId: 'general' } })
  other.sends({ t: 'ping' })
  await until(() => other.told('pong').length > 0)
  expect(greedy.told('reply').length).toBeLessThan(10)
  await until(() => greedy.told('reply').length === 100)
  expect(greedy.told('reply').map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1))
})

test('[P4] what somebody has asked for who is gone is not looked up', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  let calls = 0
  using node = new TestNode(world, { bus: world.bus, connectionsPerUserMax: 20, isBusy: () => ++calls < 0 })
  const screen = await alice.opens(node, [])
  for (let id = 1; id <= 100; id++) screen.sends({ t: 'call', id, name: 'me.get', input: {} })
  await until(() => calls > 0)
  screen.socket.cuts()
  await settles()
  await settles()
  await settles()
  await settles()
  expect(calls).toBeLessThan(20)
})

test('[P4] whatever waits for a reader that does not read is bounded: then it is cut off', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const node = world.opensNode()
  const screen = await alice.opens(node, [])
  const [hers] = node.realtime.connections.all()
  screen.socket.stalls()
  for (let times = 0; times < 31; times++) hers!.send({ t: 'unfollowed', topic: 'x'.repeat(1024 * 1024), reason: 'not-found' })
  expect(hers!.isOpen).toBe(true)
  for (let times = 0; times < 2; times++) hers!.send({ t: 'unfollowed', topic: 'x'.repeat(1024 * 1024), reason: 'not-found' })
  expect(hers!.isOpen).toBe(false)
  await settles()
  expect(node.realtime.connections.size).toBe(0)
})

test('[F2] what is left again before its turn has come is not followed', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const node = world.opensNode()
  const screen = await alice.opens(node, [])
  for (let id = 1; id <= 20; id++) screen.sends({ t: 'call', id, name: 'me.get', input: {} })
  screen.sends({ t: 'follow', id: 90, topic: GENERAL })
  screen.sends({ t: 'unfollow', topic: GENERAL })
  await until(() => screen.told('reply').some(({ id }) => id === 90))
  expect(screen.told('reply').find(({ id }) => id === 90)?.refusal?.code).toBe('not-found')
  await alice.post('one')
  await settles()
  expect(screen.told('change', GENERAL)).toEqual([])
})

test('who goes away while being greeted is not kept', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const known = Promise.withResolvers<void>()
  const read: Store['read'] = (look) => known.promise.then(() => world.store.read(look))
  using node = new TestNode({ ...world, store: { ...world.store, read } }, { bus: world.bus, connectionsPerUserMax: 20 })
  const screen = new Screen(node.server)
  screen.socket.sends({ t: 'hello', v: 1, token: alice.device.token, positions: [] })
  await settles()
  screen.socket.cuts()
  await settles()
  known.resolve()
  await settles()
  expect(node.realtime.connections.size).toBe(0)
  expect(node.realtime.feeds.size).toBe(0)
})

test('[P4] strangers of one address are bounded, and do not shut out others', async () => {
  await using world = await World.open()
  const node = world.opensNode()
  const from = (address: string) => new MemorySocket(node.server, { headers: { 'x-forwarded-for': address } })
  const crowd = Array.from({ length: 500 }, () => from('192.0.2.1'))
  await settles()
  expect(crowd.every(({ head }) => head.includes('101'))).toBe(true)
  expect(from('192.0.2.1').head).toContain('429')
  expect(from('192.0.2.2').head).toContain('101')
  crowd[0]!.cuts()
  await settles()
  expect(from('192.0.2.1').head).toContain('101')
})

test('[P4] a stranger that is sent away and does not say goodbye is cut off soon', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await using world = await World.open()
  const stranger = new MemorySocket(world.opensNode().server)
  stranger.stalls()
  stranger.sends({ t: 'ping' })
  await settles()
  expect(stranger.stream.destroyed).toBe(false)
  vi.advanceTimersByTime(1_000)
  expect(stranger.stream.destroyed).toBe(true)
})

test('[A4] [P3] the end of a session reaches a reader that is behind with everything', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const screen = await bob.opens(node)
  const [his] = node.realtime.connections.all()
  screen.socket.stalls()
  await alice.floods('general', () => his!.behind.has(GENERAL))
  await world.notifies('bob')
  await settles()
  expect(his!.behind.has(bob.topic)).toBe(true)
  await bob.signsOut()
  await settles()
  expect(his!.isOpen).toBe(false)
  screen.socket.readsAgain()
  await until(() => screen.socket.closed?.code === 4502)
})

test.each([
  ['no frame', '{'],
  ['a frame too big', 'x'.repeat(200_000)],
])('after the close of who sends %s nothing more is written to them', async (_name, text) => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const screen = await alice.opens(world.opensNode())
  await settles()
  let framesAtClose = -1
  screen.socket.onClose = () => void (framesAtClose = screen.frames.length)
  screen.socket.stalls()
  screen.sends({ t: 'ping' })
  screen.socket.sendsText(text)
  await settles()
  screen.socket.readsAgain()
  await settles()
  expect(framesAtClose).toBeGreaterThan(0)
  expect(screen.frames).toHaveLength(framesAtClose)
})

test('[P4] joins of a feed that wait are bounded, and one look at the database is enough for all that ask for one', async () => {
  const connection = { isOpen: true, isSlow: false, topics: new Set([GENERAL]), follower: {}, sendEncoded() {} } as unknown as Connection
  const opened = Promise.withResolvers<void>()
  let reads = 0
  const read = async () => {
    reads += 1
    await opened.promise
    const own = { sight: { after: 0, since: 0, guestId: null }, missed: { is: 'rows', prev: 1, rows: {} } }
    return { seq: 1, untold: {}, own: [own], rows: {} } as never
  }
  const world = {
    store: { read, epoch: 'epoch' },
    readJoining: read,
    clock: { now: () => 0 },
    refuse() {},
    fail() {},
    onEmpty() {},
    onTold() {},
    onDigest() {},
    onFailure() {},
  }
  const feed = new Feed(GENERAL, world)
  const first = feed.join(connection, null)
  for (let times = 0; times < 100; times++) feed.sweep()
  opened.resolve()
  await first
  await settles()
  expect(reads).toBe(2)

  const full = new Feed(GENERAL, { ...world, readJoining: () => new Promise<never>(() => {}) })
  for (let joins = 0; joins <= 20_000; joins++) void full.join(connection, null)
  expect(await refusal(full.join(connection, null))).toBe('busy')
})

test('what is counted since the start is a counter, and the lag of the loop is shown', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const node = world.opensNode()
  await alice.opens(node)
  const metrics = nodeMetrics({ store: world.store, bus: world.bus, realtime: node.realtime })
  await metrics.metrics()
  const page = await metrics.metrics()
  const counted = [...page.matchAll(/^# TYPE (belfry_\w+_total) (\w+)$/gm)]
  expect(counted.length).toBeGreaterThan(3)
  expect(counted.filter(([, , type]) => type !== 'counter')).toEqual([])
  expect(page).toContain(`belfry_frames_sent_total ${node.realtime.sender.stats.frames}\n`)
  expect(page).toContain('nodejs_eventloop_lag_seconds')
})
