import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { SILENCE_MAX_MS, TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { encode, encodeRows } from '#realtime/frames.ts'
import { type Outgoing, Sender } from '#realtime/send.ts'
import { TokenBucket } from '#lib/token-bucket.ts'
import { Screen } from './screen.ts'
import { settles, until } from './settle.ts'
import { masked } from './memory-socket.ts'
import type { TestNode } from './test-node.ts'
import { TestClock, World } from './world.ts'

const GENERAL = 'room:general'
const PONG = encode({ t: 'pong' }).forSocket
const DRAIN = encode({ t: 'drain', withinMs: 1 }).forSocket

function outgoing(written: Buffer[]): Outgoing {
  const out = { writable: true, write: (bytes: Buffer) => written.push(bytes) } as never
  return { out, collected: null, isUrgent: false, isOpen: true, written() {} }
}

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function connectionsOf(node: TestNode) {
  return [...node.realtime.connections.all()]
}

test('[P1] [P2] a burst is one frame for everybody, one write a socket, and the same bytes', async () => {
  await using world = await World.open()
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const node = world.opensNode()
  const screens = [await alice.opens(node), await bob.opens(node), await carol.opens(node)]
  await settles()
  const before = screens.map((screen) => ({ writes: screen.socket.writes, frames: screen.frames.length }))
  await alice.posts('one', 'two', 'three')
  await settles()
  for (const [at, screen] of screens.entries()) {
    expect(screen.socket.writes - before[at]!.writes).toBe(1)
    expect(screen.frames.slice(before[at]!.frames)).toMatchObject([
      { t: 'change', rows: { message: [{ body: 'one' }, { body: 'two' }, { body: 'three' }] } },
    ])
  }
})

test('[P1] [P2] sockets that are to get the very same frames are written the very same buffer', async () => {
  const sender = new Sender({ underWay: 31, stats: { commits: 0 } })
  const written: Buffer[] = []
  const [one, other, third] = [outgoing(written), outgoing(written), outgoing(written)]
  for (const frame of [PONG, DRAIN]) for (const to of [one, other]) sender.add(to, frame, 'news')
  sender.add(third, PONG, 'urgent')
  await settles()
  expect(written).toHaveLength(3)
  expect(written[0]).toBe(written[1])
  expect(written[0]).toEqual(Buffer.concat([PONG, DRAIN]))
  expect(written[2]).toBe(PONG)
  expect(sender.stats).toMatchObject({ writes: 3, frames: 5 })
})

test('[P2] while a commit is near news waits for it, and so does what other nodes bring; whoever is answered waits for nothing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const stats = { commits: 0 }
  const sender = new Sender({ underWay: 32, stats })
  const [told, answered]: Buffer[][] = [[], []]
  const [follower, sendsToo] = [outgoing(told!), outgoing(answered!)]
  for (const to of [follower, sendsToo]) sender.add(to, PONG, 'news')
  sender.add(sendsToo, DRAIN, 'urgent')
  await settles()
  expect([told, answered]).toEqual([[], [Buffer.concat([PONG, DRAIN])]])

  sender.add(sendsToo, PONG, 'urgent')
  await settles()
  expect([told, answered!.length]).toEqual([[], 2])

  for (const to of [follower, sendsToo]) sender.add(to, PONG, 'news')
  await settles()
  expect([told, answered!.length]).toEqual([[], 2])

  stats.commits += 1
  for (const to of [follower, sendsToo]) sender.add(to, DRAIN, 'news')
  await settles()
  expect([told, answered!.length]).toEqual([[Buffer.concat([PONG, PONG, DRAIN])], 3])

  sender.add(follower, PONG, 'news')
  await settles()
  vi.advanceTimersByTime(24)
  expect(told).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(told).toHaveLength(2)

  sender.add(follower, PONG, 'news')
  await settles()
  stats.commits += 1
  sender.add(sendsToo, PONG, 'urgent')
  await settles()
  expect([told!.length, answered!.length]).toEqual([3, 4])
})

test('[P2] while many writes are under way a change waits at those who follow, not at whoever is answered or told to go', async () => {
  await using world = await World.open()
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const node = world.opensNode()
  const [hers, his, another] = [await alice.opens(node), await bob.opens(node), await carol.opens(node)]
  await settles()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const underWay = vi.spyOn(world.store.queue, 'underWay', 'get').mockReturnValue(32)
  const said = (screen: Screen) => screen.told('change', GENERAL).flatMap(({ rows }) => rows.message?.map(({ body }) => body))
  await hers.calls('message.post', { roomId: 'general', id: uuidv7(), body: 'one' })
  await settles()
  expect([hers, his, another].map(said)).toEqual([['one'], [], []])

  connectionsOf(node)
    .find(({ follower }) => follower.userId === carol.id)!
    .close('session-ended')
  expect([hers, his, another].map(said)).toEqual([['one'], ['one'], ['one']])
  expect(another.socket.closed).not.toBeNull()

  await alice.post('two')
  await settles()
  await alice.post('three')
  underWay.mockReturnValue(0)
  await settles()
  expect([hers, his].map(said)).toEqual([
    ['one', 'two', 'three'],
    ['one', 'two', 'three'],
  ])
})

test('[P1] frames of every size are what WebSocket says', () => {
  for (const length of [0, 100, 125, 126, 65_535, 65_536, 100_000]) {
    const frame = encode({ t: 'unfollowed', topic: 'x'.repeat(length), reason: 'not-found' }).forSocket
    const payload = JSON.stringify({ t: 'unfollowed', topic: 'x'.repeat(length), reason: 'not-found' })
    expect(frame.subarray(frame.length - payload.length).toString()).toBe(payload)
    const header = frame.length - payload.length
    expect(header).toBe(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10)
    expect(frame[1]! & 0x80).toBe(0)
  }
  expect(encodeRows({ t: 'change', topic: GENERAL, prev: 1, seq: 2, rows: {} }, 'epoch')).toHaveLength(1)
})

test('[P3] a slow reader falls behind, disturbs nobody, and catches up when it reads again', async () => {
  await using world = await World.open()
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const node = world.opensNode()
  const [slow, quick] = [await bob.opens(node), await carol.opens(node)]
  const his = connectionsOf(node).find(({ follower }) => follower.userId === bob.id)!
  slow.socket.stalls()
  const posted = await alice.floods('general', () => his.behind.has(GENERAL))
  const [last] = await alice.posts('the last')
  await settles()
  expect(his.out.writableLength).toBeLessThan(3 * 1024 * 1024)
  expect(quick.position(GENERAL)?.seq).toBe(last!.changed)
  expect(quick.rows(GENERAL, 'message')).toHaveLength(posted + 1)
  slow.socket.readsAgain()
  await until(() => slow.position(GENERAL)?.seq === last!.changed)
  expect(slow.bodies(GENERAL)).toEqual(quick.bodies(GENERAL))
  expect(slow.gaps).toEqual([])
  expect(his.behindSince).toBeNull()
})

test('[P3] who is still behind after 30 seconds is closed with a code that says come back', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const slow = await bob.opens(node)
  const [his] = connectionsOf(node)
  slow.socket.stalls()
  await alice.floods('general', () => his!.behind.has(GENERAL))
  world.clock.passes(29_000)
  vi.advanceTimersByTime(5_000)
  expect(his!.isOpen).toBe(true)
  world.clock.passes(2_000)
  vi.advanceTimersByTime(5_000)
  expect(his!.isOpen).toBe(false)
  slow.socket.readsAgain()
  await until(() => slow.socket.closed?.code === 4001)
})

test('[P4] who says nothing for too long is closed; a ping is enough to stay', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const [silent, alive] = [await alice.opens(node), await bob.opens(node)]
  world.clock.passes(SILENCE_MAX_MS - 10_000)
  alive.sends({ t: 'ping' })
  await until(() => alive.told('pong').length > 0)
  world.clock.passes(11_000)
  vi.advanceTimersByTime(5_000)
  await until(() => silent.socket.closed !== null)
  expect(silent.socket.closed?.code).toBe(4002)
  expect(alive.socket.closed).toBeNull()
})

test('[P4] who asks and does not read is not heard until they do; what waits for them is bounded', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const node = world.opensNode()
  for (let batch = 0; batch < 4; batch++) await alice.posts(...Array.from({ length: 50 }, () => 'x'.repeat(15_000)))
  const greedy = await alice.opens(node, [])
  const [hers] = connectionsOf(node)
  const asks = (id: number) => greedy.sends({ t: 'call', id, name: 'message.list', input: { roomId: 'general', limit: 200 } })
  greedy.socket.stalls()
  for (let id = 1; id <= 30; id++) {
    asks(id)
    await settles()
  }
  expect(hers!.out.writableLength).toBeLessThan(3 * 1024 * 1024)
  greedy.socket.readsAgain()
  await until(() => greedy.told('reply').length === 30)

  greedy.socket.stalls()
  for (let id = 31; id <= 225; id++) asks(id)
  await settles()
  expect(hers!.out.writableLength).toBeLessThan(32 * 1024 * 1024)
  greedy.socket.readsAgain()
  await until(() => greedy.told('reply').length === 225)
})

test('[P4] calls and follows of one connection that wait are bounded: beyond that it is told to come again', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const screen = await alice.opens(world.opensNode(), [])
  for (let id = 1; id <= 250; id++)
    screen.sends(id % 2 ? { t: 'follow', id, topic: GENERAL } : { t: 'call', id, name: 'me.get', input: {} })
  await until(() => screen.told('reply').length === 250)
  const busy = screen.told('reply').filter(({ refusal }) => refusal?.code === 'busy')
  expect(busy.length).toBeGreaterThanOrEqual(50)
  expect(busy[0]?.refusal?.retryAfterMs).toBeGreaterThan(0)
  expect((await screen.calls('me.get', {})).refusal).toBeUndefined()
})

test('[P4] a connection follows so many topics, and is told which one was too many', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const node = world.opensNode()
  const screen = await alice.opens(node, [])
  const rooms = Array.from({ length: TOPICS_PER_CONNECTION_MAX }, (_, at) => `room${at}`)
  await Promise.all(rooms.map((id) => world.operates('test.room', { id, name: id, kind: 'open' })))
  const replies = []
  for (const id of rooms) replies.push((await screen.follows(`room:${id}`)).refusal?.code)
  expect(replies.filter((code) => code !== undefined)).toEqual(['not-found'])
  expect(screen.told('unfollowed')).toEqual([{ t: 'unfollowed', topic: `room:${rooms.at(-1)}`, reason: 'too-many' }])
  screen.sends({ t: 'unfollow', topic: 'room:room0' })
  expect((await screen.follows(`room:${rooms.at(-1)}`)).refusal).toBeUndefined()
})

test('[P4] a person’s 21st connection makes room by closing the oldest, also when others are slow to close', async () => {
  await using world = await World.open({ connectionsPerUserMax: 3 })
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  await bob.opens(node)
  const screens: Screen[] = []
  for (let at = 0; at < 6; at++) {
    const screen = await alice.opens(node)
    screen.socket.stalls()
    screens.push(screen)
  }
  expect(connectionsOf(node).filter(({ isOpen, follower }) => isOpen && follower.userId === alice.id)).toHaveLength(3)
  for (const screen of screens) screen.socket.readsAgain()
  await settles()
  expect(screens.map((screen) => screen.socket.closed?.code)).toEqual([4504, 4504, 4504, undefined, undefined, undefined])
  expect(node.realtime.connections.size).toBe(4)
})

test('[P4] who pings on the level of WebSocket and does not read gets no answers heaped up', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const node = world.opensNode()
  const screen = await alice.opens(node, [])
  const [hers] = connectionsOf(node)
  screen.socket.stalls()
  for (let at = 0; at < 5_000; at++) screen.socket.sendsBytes(masked(0x9, Buffer.alloc(125)))
  await settles()
  expect(hers!.out.writableLength).toBeLessThan(200_000)
})

test('[P4] how often somebody may act is limited, each by themselves, and says when to come again', () => {
  const clock = new TestClock()
  const bucket = new TokenBucket({ burst: 2, perSecond: 4 }, clock)
  expect([bucket.take('alice'), bucket.take('alice'), bucket.take('alice'), bucket.take('bob')]).toEqual([0, 0, 250, 0])
  clock.passes(250)
  expect([bucket.take('alice'), bucket.take('alice')]).toEqual([0, 250])
})

test('[P5] a node that stops says so, takes nobody new, and closes all with a code that says come back', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const screens = [await alice.opens(node), await bob.opens(node)]
  const stranger = new Screen(node.server)
  node.realtime.announceStop(2_000)
  const posted = screens[0]!.calls('message.post', { roomId: 'general', body: 'the last' })
  expect((await posted).refusal).toBeUndefined()
  const late = new Screen(node.server)
  await settles()
  expect(late.socket.head).toContain('503')
  await node.realtime.closeAll()
  for (const screen of screens) {
    expect(screen.told('drain')).toEqual([{ t: 'drain', withinMs: 2_000 }])
    expect(screen.socket.closed?.code).toBe(4000)
  }
  expect(stranger.socket.closed).not.toBeNull()
  expect(screens[1]!.bodies(GENERAL)).toEqual(['the last'])
})

test('[P3] [P5] a real socket that does not read holds up neither the others nor the end', async () => {
  await using world = await World.open()
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const node = world.opensNode()
  const quick = await carol.opens(node)
  const http = createServer()
  node.realtime.accept(http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'GET /api/v1/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  socket.write(masked(1, Buffer.from(JSON.stringify({ t: 'hello', v: 1, token: bob.device.token, positions: [[GENERAL]] }))))
  await until(() => node.realtime.connections.size === 2)
  socket.pause()
  const his = connectionsOf(node).find(({ follower }) => follower.userId === bob.id)!
  await alice.floods('general', () => his.behind.has(GENERAL))
  await alice.post('the last')
  await settles()
  expect(quick.bodies(GENERAL).at(-1)).toBe('the last')
  const closed = new Promise((resolve) => http.close(resolve))
  await node.realtime.closeAll()
  await closed
  socket.destroy()
})
