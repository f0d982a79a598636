import { CLOSE } from '@belfry/protocol/close-codes.ts'
import { expect, test } from 'vitest'
import type { Belfry } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { FakeNetwork, turn, user, welcome } from './fake-world.ts'

const MINUTE_MS = 60_000

function start(net = new FakeNetwork({ streams: true })): { net: FakeNetwork; belfry: Belfry } {
  return { net, belfry: connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world }) }
}

/** Online, by a stream that stands in for a socket that was refused. */
async function startsByStream(): Promise<{ net: FakeNetwork; belfry: Belfry }> {
  const { net, belfry } = start()
  net.socket.breaks()
  await net.stream.begins().tells(welcome())
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'stream' })
  return { net, belfry }
}

/** Time passes over a stream that lives. */
async function livesFor(net: FakeNetwork, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 15_000) {
    await net.clock.passes(15_000)
    await net.stream.sendsText(':\n\n')
  }
}

/** It waits for its next attempt, which begins. */
async function triesAgain(net: FakeNetwork, belfry: Belfry): Promise<void> {
  const state = belfry.connection.get()
  if (state.is !== 'waiting') throw new Error(`It does not wait: ${state.is}`)
  await net.clock.passes(state.retryAt - net.clock.now)
}

/** The network goes, and another one comes: that the stream stands is no matter. */
async function changesNetwork(net: FakeNetwork): Promise<void> {
  net.isUp = false
  net.wakes()
  net.isUp = true
  net.wakes()
  await net.clock.passes(0)
}

test('a socket that gets through is all that is opened', async () => {
  const { net, belfry } = start()
  const socket = await net.welcomes()
  for (let minutes = 0; minutes < 30; minutes += 0.25) {
    await net.clock.passes(MINUTE_MS / 4)
    socket.tells({ t: 'pong' })
  }
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'socket' })
  expect([net.sockets.length, net.requests.length]).toEqual([1, 0])
})

test('where a socket is refused the stream stands in at once, and nobody is told of trouble', async () => {
  const { net, belfry } = start()
  const states: string[] = []
  belfry.connection.subscribe(() => states.push(belfry.connection.get().is))
  net.socket.breaks()
  expect(net.streams).toHaveLength(1)
  await net.stream.begins().tells(welcome())
  expect(states).toEqual(['online'])
  expect(net.stream).toMatchObject({ method: 'GET', follow: ['workspace', 'room:general'] })
  expect(net.stream.path).toMatch(/^\/stream\?v=1&/)
})

test('where a socket opens to silence the stream stands in after 5 s', async () => {
  const { net, belfry } = start()
  net.socket.opens()
  await net.clock.passes(4_999)
  expect(net.streams).toHaveLength(0)
  await net.clock.passes(1)
  expect(net.sockets[0]!.isClosed).toBe(true)
  await net.stream.begins().tells(welcome())
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'stream' })
})

test('where neither gets through, each attempt tries both, and has more patience with a socket that is only slow', async () => {
  const { net, belfry } = start()
  for (const [attempt, seconds] of [5, 10, 20, 20].entries()) {
    expect(net.sockets).toHaveLength(attempt + 1)
    await net.clock.passes(seconds * 1000 - 1)
    expect(net.streams).toHaveLength(attempt)
    await net.clock.passes(1)
    expect(net.streams).toHaveLength(attempt + 1)
    await net.stream.fails()
    await triesAgain(net, belfry)
  }
  await net.welcomes()
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'socket' })
})

test('where a socket got through before, one that fails is no sign: only after three in a row the stream is tried', async () => {
  const { net } = start()
  await net.welcomes()
  net.socket.breaks()
  for (let attempt = 1; attempt <= 3; attempt++) {
    expect(net.streams).toHaveLength(0)
    await net.clock.passes(20_000)
    expect(net.sockets).toHaveLength(attempt + 1)
    net.socket.breaks()
  }
  expect(net.streams).toHaveLength(1)
})

test('a server that closes a socket with a reason was reached by it', async () => {
  const { net, belfry } = start()
  net.socket.opens()
  net.socket.breaks(CLOSE['shutting-down'])
  expect(net.streams).toHaveLength(0)
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
})

test('a stream that is lost is opened again first: the socket did not get through', async () => {
  const { net, belfry } = await startsByStream()
  await net.stream.ends()
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
  await net.clock.passes(500)
  expect([net.sockets.length, net.streams.length]).toEqual([1, 2])
  await net.stream.begins().tells(welcome())
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'stream' })
})

test('a stream that fails three times in a row is given up for the socket', async () => {
  const { net, belfry } = await startsByStream()
  await net.stream.ends()
  for (let attempt = 1; attempt <= 3; attempt++) {
    await triesAgain(net, belfry)
    expect(net.streams).toHaveLength(attempt + 1)
    await net.stream.fails()
  }
  expect(net.sockets).toHaveLength(1)
  await triesAgain(net, belfry)
  expect(net.sockets).toHaveLength(2)
})

test('where streams have got through, a socket is waited for 5 s, however many were silent before', async () => {
  const { net, belfry } = await startsByStream()
  for (const minutes of [0.5, 1.25]) {
    await livesFor(net, minutes * MINUTE_MS)
    net.socket.opens()
  }
  await livesFor(net, MINUTE_MS / 2)
  await net.stream.ends()
  for (let attempt = 1; attempt <= 3; attempt++) {
    await triesAgain(net, belfry)
    await net.stream.fails()
  }
  await triesAgain(net, belfry)
  net.socket.opens()
  expect(net.streams).toHaveLength(4)
  await net.clock.passes(5_000)
  expect(net.streams).toHaveLength(5)
})

test('the socket is tried beside the stream after half a minute, then after twice as long each time, up to ten minutes', async () => {
  const { net, belfry } = await startsByStream()
  const states: object[] = []
  belfry.connection.subscribe(() => states.push(belfry.connection.get()))
  for (const [times, minutes] of [0.5, 1, 2, 4, 8, 10, 10].entries()) {
    await livesFor(net, minutes * MINUTE_MS - 15_000)
    expect(net.sockets).toHaveLength(times + 1)
    await livesFor(net, 15_000)
    expect(net.sockets).toHaveLength(times + 2)
    net.socket.breaks()
  }
  expect(states).toEqual([])
  expect(net.streams).toHaveLength(1)
})

test('also where nothing got through for long before', async () => {
  const { net, belfry } = start()
  for (let attempt = 1; attempt <= 6; attempt++) {
    net.socket.breaks()
    await net.stream.fails()
    await triesAgain(net, belfry)
  }
  net.socket.breaks()
  await net.stream.begins().tells(welcome())
  expect(net.sockets).toHaveLength(7)
  await livesFor(net, MINUTE_MS / 2)
  expect(net.sockets).toHaveLength(8)
})

test('once a socket that is tried gets through it takes over without a gap', async () => {
  const { net, belfry } = await startsByStream()
  const states: object[] = []
  belfry.connection.subscribe(() => states.push(belfry.connection.get()))
  await livesFor(net, MINUTE_MS / 2)
  await net.welcomes()
  expect(states).toEqual([{ is: 'online', by: 'socket' }])
  expect(net.stream.isAborted).toBe(true)
  belfry.room('den')
  expect(net.socket.frames('follow')).toMatchObject([{ topic: 'room:den' }])
})

test('[F1] what is followed while a socket is tried is followed on it too', async () => {
  const { net, belfry } = await startsByStream()
  await livesFor(net, MINUTE_MS / 2)
  net.socket.opens()
  belfry.room('den')
  await turn()
  expect(net.stream.follow).toContain('room:den')
  net.socket.tells(welcome())
  expect(net.socket.frames('follow')).toMatchObject([{ topic: 'room:den' }])
})

test('on another network all is open again: the socket is tried at once', async () => {
  const { net, belfry } = await startsByStream()
  await changesNetwork(net)
  expect(net.sockets).toHaveLength(2)
  await net.welcomes()
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'socket' })
})

test('another account behind a socket that is tried ends all', async () => {
  const { net, belfry } = await startsByStream()
  await changesNetwork(net)
  await net.welcomes({ user: user('bob') })
  expect(belfry.connection.get()).toEqual({ is: 'ended', reason: 'replaced' })
  expect(net.stream.isAborted).toBe(true)
  await net.clock.passes(60 * MINUTE_MS)
  expect(net.clock.waiting).toBe(0)
})

test('close stops everything: no timer, stream or socket is left', async () => {
  const { net, belfry } = await startsByStream()
  await changesNetwork(net)
  belfry.close()
  expect([net.stream.isAborted, net.socket.isClosed]).toEqual([true, true])
  expect(net.clock.waiting).toBe(0)
})
