import { CLOSE, FRAME_TOO_BIG } from '@belfry/protocol/close-codes.ts'
import { expect, test } from 'vitest'
import type { Belfry, BelfryOptions } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { FakeNetwork, live, message, snapshot, turn, user, welcome } from './fake-world.ts'

function start(options: Partial<BelfryOptions> = {}): { net: FakeNetwork; belfry: Belfry } {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world, ...options })
  return { net, belfry }
}

test('hello names everything followed, and welcome makes it online', async () => {
  const { net, belfry } = start({ token: 'secret' })
  expect(net.socket.url).toBe('ws://localhost:8000/api/v1/socket')
  expect(belfry.connection.get()).toEqual({ is: 'connecting' })
  const socket = await net.welcomes()
  expect(socket.got).toEqual([{ t: 'hello', v: 1, token: 'secret', positions: [['workspace'], ['room:general']] }])
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'socket' })
  expect(belfry.me.get()?.id).toBe('alice')
})

test('[F1] after a loss one hello resumes every topic from its position', async () => {
  const { net } = start()
  const socket = await net.welcomes()
  socket.tells(snapshot('workspace', 3), snapshot('user:alice', 7), snapshot('room:general', 9))
  socket.breaks()
  await net.clock.passes(500)
  net.socket.opens()
  expect(net.socket.frames('hello')[0]!.positions).toEqual([
    ['workspace', 'e1', 3],
    ['room:general', 'e1', 9],
    ['user:alice', 'e1', 7],
  ])
  net.socket.tells(welcome())
  expect(net.socket.got).toHaveLength(1)
})

test('a known account is named in the first hello', async () => {
  const { net } = start({ account: 'alice' })
  net.socket.opens()
  expect(net.socket.frames('hello')[0]!.positions).toContainEqual(['user:alice'])
})

test('a lost connection comes back with a backoff that doubles', async () => {
  const { net, belfry } = start()
  net.socket.breaks()
  expect(belfry.connection.get()).toEqual({ is: 'waiting', retryAt: net.clock.now + 250, network: 'up' })
  await net.clock.passes(250)
  expect(belfry.connection.get()).toEqual({ is: 'reconnecting' })
  net.socket.breaks()
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting', retryAt: net.clock.now + 500 })
})

test('only a connection that lasted starts the backoff anew', async () => {
  const { net, belfry } = start()
  net.socket.breaks()
  await net.clock.passes(250)
  const brief = await net.welcomes()
  brief.breaks()
  expect(belfry.connection.get()).toMatchObject({ retryAt: net.clock.now + 500 })
  await net.clock.passes(500)
  const lasting = await net.welcomes()
  await net.clock.passes(24_000)
  lasting.tells({ t: 'pong' })
  await net.clock.passes(7_000)
  lasting.breaks()
  expect(belfry.connection.get()).toMatchObject({ retryAt: net.clock.now + 250 })
})

test.each([
  ['the network comes back', true],
  ['the page becomes visible', true],
])('when %s it connects at once', async () => {
  const { net, belfry } = start()
  net.isUp = false
  net.socket.breaks()
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting', network: 'down' })
  net.isUp = true
  net.wakes()
  expect(belfry.connection.get()).toEqual({ is: 'reconnecting' })
  expect(net.sockets).toHaveLength(2)
})

test('retryNow connects at once', async () => {
  const { net, belfry } = start()
  net.socket.breaks()
  belfry.retryNow()
  expect(net.sockets).toHaveLength(2)
  await net.clock.passes(19_000)
  expect(net.sockets).toHaveLength(2)
})

test('while it waits, it says that the network went', () => {
  const { net, belfry } = start()
  net.socket.breaks()
  net.isUp = false
  net.wakes()
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting', network: 'down' })
})

test('a silent socket is left: no welcome, no pong, no answer', async () => {
  const { net, belfry } = start()
  net.socket.opens()
  await net.clock.passes(20_000)
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
  expect(net.sockets[0]!.isClosed).toBe(true)

  await net.clock.passes(500)
  await net.welcomes()
  await net.clock.passes(25_000)
  expect(net.socket.frames('ping')).toHaveLength(1)
  await net.clock.passes(20_000)
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
})

test('a call that is not answered within 20 s counts as a lost connection', async () => {
  const { net, belfry } = start()
  await net.welcomes()
  const answer = belfry.call('me.get', {})
  const outcome = expect(answer).rejects.toMatchObject({ name: 'ConnectionLost', wasSent: true })
  await net.clock.passes(20_000)
  await outcome
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
})

test('calls get their own answers: results and refusals', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  const [first, second] = [belfry.call('me.get', {}), belfry.call('message.list', { roomId: 'nowhere' })]
  const [a, b] = socket.calls()
  socket.tells({ t: 'reply', id: b!.id, refusal: { code: 'not-found', detail: 'There is no such room.' } })
  socket.tells({ t: 'reply', id: a!.id, result: user('alice') })
  await expect(first).resolves.toEqual(user('alice'))
  await expect(second).rejects.toMatchObject({ name: 'RefusalError', code: 'not-found', message: 'There is no such room.' })
})

test('without a connection a call is rejected at once, and was not sent', async () => {
  const { belfry } = start()
  await expect(belfry.call('me.get', {})).rejects.toMatchObject({ name: 'ConnectionLost', wasSent: false })
})

test('after waking, a dead socket is noticed within 5 s', async () => {
  const { net, belfry } = start()
  await net.welcomes()
  net.wakes()
  await net.clock.passes(5_000)
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
})

test('[P5] after drain it comes back at a random time within the window', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  socket.tells({ t: 'drain', withinMs: 8_000 })
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'socket' })
  socket.breaks(CLOSE['shutting-down'])
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting', retryAt: net.clock.now + 4_000 })
})

test.each([
  [CLOSE['session-ended'], 'signed-out'],
  [CLOSE.unauthenticated, 'signed-out'],
  [CLOSE.version, 'outdated'],
  [CLOSE.protocol, 'protocol'],
  [CLOSE['too-many-connections'], 'protocol'],
  [4_999, 'protocol'],
  [FRAME_TOO_BIG, 'protocol'],
])('close code %i ends it: %s', async (code, reason) => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  socket.breaks(code)
  expect(belfry.connection.get()).toEqual({ is: 'ended', reason })
  belfry.retryNow()
  net.wakes()
  await net.clock.passes(120_000)
  expect(net.sockets).toHaveLength(1)
  expect(net.clock.waiting).toBe(0)
})

test.each(['shutting-down', 'too-slow', 'silent', 'failed'] as const)('close code %s is followed by coming back', async (reason) => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  socket.breaks(CLOSE[reason])
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
})

test('close stops everything: no timer is left', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  belfry.close()
  expect(socket.isClosed).toBe(true)
  await net.clock.passes(120_000)
  expect(net.sockets).toHaveLength(1)
  expect(net.clock.waiting).toBe(0)
})

test('frames of a kind that is not known are ignored', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  socket.tells({ t: 'weather', sun: true }, { t: 'signal', name: 'typing', topic: 'room:general' })
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'socket' })
})

test('[F1] a topic with a hole is followed again from its position, once until it is live', async () => {
  const { net } = start()
  const socket = await net.welcomes()
  socket.tells(snapshot('room:general', 5), live('room:general', 5))
  socket.tells(
    { t: 'change', topic: 'room:general', prev: 6, seq: 7, rows: {} },
    { t: 'change', topic: 'room:general', prev: 7, seq: 8, rows: {} },
  )
  expect(socket.frames('follow')).toEqual([{ t: 'follow', id: 1, topic: 'room:general', epoch: 'e1', seq: 5 }])
  socket.tells({ t: 'change', topic: 'room:general', prev: 5, seq: 8, rows: {} }, live('room:general', 8), {
    t: 'reply',
    id: 1,
    result: null,
  })
  await turn()
  await net.clock.passes(1_000)
  expect(socket.frames('follow')).toHaveLength(1)
})

test('[F1] live beyond the position means that something is missing: follow again', async () => {
  const { net } = start()
  const socket = await net.welcomes()
  socket.tells(snapshot('room:general', 5), live('room:general', 6))
  await net.clock.passes(2_000)
  expect(socket.frames('follow')).toMatchObject([{ topic: 'room:general', seq: 5 }])
})

test('[F7] what was refused is asked for again, with backoff, and can come back', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  const room = belfry.room('general')
  socket.tells(snapshot('room:general', 5), live('room:general', 5))
  expect(room.view.get().is).toBe('ready')
  socket.tells({ t: 'unfollowed', topic: 'room:general', reason: 'not-found' })
  expect(room.view.get()).toMatchObject({ is: 'gone', items: [] })
  await net.clock.passes(1_000)
  expect(socket.frames('follow')).toEqual([{ t: 'follow', id: 1, topic: 'room:general' }])
  socket.tells({ t: 'reply', id: 1, refusal: { code: 'not-found', detail: 'There is nothing here.' } })
  await turn()
  await net.clock.passes(1_999)
  expect(socket.frames('follow')).toHaveLength(1)
  await net.clock.passes(1)
  expect(socket.frames('follow')).toHaveLength(2)
  socket.tells(snapshot('room:general', 9), live('room:general', 9), { t: 'reply', id: 2, result: null })
  expect(room.view.get().is).toBe('ready')
})

test('a room that is opened later is followed at once', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  const room = belfry.room('den')
  expect(belfry.room('den')).toBe(room)
  expect(socket.frames('follow')).toMatchObject([{ topic: 'room:den' }])
})

test('a room that is opened between hello and welcome is followed after the welcome', async () => {
  const { net, belfry } = start()
  net.socket.opens()
  belfry.room('den')
  net.socket.tells(welcome())
  expect(net.socket.frames('follow')).toMatchObject([{ topic: 'room:den' }])
})

test('another account behind the same browser ends this one: nothing of it is sent', async () => {
  const { net, belfry } = start()
  const first = await net.welcomes()
  first.breaks()
  belfry.room('general').post('for nobody else')
  await net.clock.passes(250)
  const second = await net.welcomes({ user: user('bob') })
  expect(belfry.connection.get()).toEqual({ is: 'ended', reason: 'replaced' })
  expect(belfry.me.get()?.id).toBe('alice')
  expect(second.calls()).toEqual([])
})

test('a page that becomes visible again throws no young handshake away, only one that may hang', async () => {
  const { net } = start()
  await net.clock.passes(2_999)
  net.wakes()
  expect(net.sockets).toHaveLength(1)
  await net.clock.passes(1)
  net.wakes()
  expect(net.sockets).toHaveLength(2)
  net.wakes()
  expect(net.sockets).toHaveLength(2)
})

test('a hidden page whose timers run once a minute keeps its connection', async () => {
  const net = new FakeNetwork()
  const toNextMinute = (ms: number) => 60_000 - ((net.clock.now + ms) % 60_000)
  const after = (ms: number, run: () => void) => net.clock.after(ms + toNextMinute(ms), run)
  const belfry = connect({ url: 'http://x', world: { ...net.world, after } })
  const socket = await net.welcomes()
  for (let minute = 1; minute <= 10; minute++) {
    await net.clock.passes(60_000)
    expect(socket.frames('ping').length).toBe(minute)
    socket.tells({ t: 'pong' })
  }
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'socket' })
})

test('[P4] more calls than may wait are refused as busy', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  const calls = Array.from({ length: 256 }, () => belfry.call('me.get', {}))
  await expect(belfry.call('me.get', {})).rejects.toMatchObject({ name: 'RefusalError', code: 'busy' })
  for (const { id } of socket.calls()) socket.tells({ t: 'reply', id, result: user('alice') })
  await Promise.all(calls)
})

test('[P4] a post and a follow that find too many calls waiting go out when some were answered', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  const calls = Array.from({ length: 256 }, () => belfry.call('me.get', {}))
  belfry.room('den').post('one')
  await turn()
  expect([socket.frames('follow'), socket.calls('message.post')]).toEqual([[], []])
  for (const { id } of socket.calls()) socket.tells({ t: 'reply', id, result: user('alice') })
  await Promise.all(calls)
  await net.clock.passes(2_000)
  expect(socket.frames('follow')).toMatchObject([{ topic: 'room:den' }])
  expect(socket.calls('message.post')).toHaveLength(1)
})

test('a socket that is closing takes nothing more: what was to be sent goes out at the next one', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  socket.readyState = 2
  const { length } = socket.got
  belfry.room('general').post('hello')
  await turn()
  expect(socket.got).toHaveLength(length)
  socket.breaks()
  await net.clock.passes(500)
  await net.welcomes()
  expect(net.socket.calls('message.post')).toMatchObject([{ input: { body: 'hello' } }])
})

test('what could not be handed to the socket is tried again, and nothing waits for it', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  const send = socket.send.bind(socket)
  socket.send = () => {
    throw new Error('The socket takes nothing now.')
  }
  belfry.room('den').post('one')
  await turn()
  socket.send = send
  await net.clock.passes(2_000)
  expect(socket.frames('follow')).toMatchObject([{ topic: 'room:den' }])
  expect(socket.calls('message.post')).toHaveLength(1)
  socket.tells({ t: 'reply', id: socket.frames('follow')[0]!.id, result: null })
  await socket.answers('message.post', { result: message(1) })
  await net.clock.passes(20_000)
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'socket' })
})
