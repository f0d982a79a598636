import { CLOSE } from '@belfry/protocol/close-codes.ts'
import { TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import { expect, test } from 'vitest'
import type { Belfry, BelfryOptions } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { ROOMS_OPEN_MAX } from '#open-rooms.ts'
import { INTERNAL_TRIES_MAX, SEND_AGAIN } from '#outbox-entry.ts'
import { change, FakeNetwork, live, message, snapshot, turn, user, welcome } from './fake-world.ts'

/** Online, by a stream that stands in for a socket that was refused. */
async function startsByStream(options: Partial<BelfryOptions> = {}): Promise<{ net: FakeNetwork; belfry: Belfry }> {
  const net = new FakeNetwork({ streams: true })
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world, ...options })
  net.socket.breaks()
  await net.stream.begins().tells(welcome())
  return { net, belfry }
}

async function isFollowing(net: FakeNetwork): Promise<void> {
  await net.stream.tells(snapshot('workspace', 3), live('workspace', 3), snapshot('user:alice', 7), live('user:alice', 7))
  await net.stream.tells(snapshot('room:general', 1, { rows: { message: [message(1)] } }), live('room:general', 1))
}

test('a stream tells what a socket tells, whatever the pieces in which it comes', async () => {
  const { net, belfry } = await startsByStream({ token: 'secret' })
  expect(net.stream.headers).toMatchObject({ authorization: 'Bearer secret' })
  expect(net.stream.path).not.toContain('secret')
  await isFollowing(net)
  const text = `:\n\ndata: ${JSON.stringify(change('room:general', [1, 2], { message: [message(2, { body: 'ünïcode 🔔' })] }))}\n\n`
  const bytes = new TextEncoder().encode(text)
  for (const byte of bytes) await net.stream.sendsBytes(Uint8Array.of(byte))
  expect(
    belfry
      .room('general')
      .view.get()
      .items.map(({ body }) => body),
  ).toEqual(['body 1', 'ünïcode 🔔'])
})

test('commands go as requests; their answers are the same', async () => {
  const { net, belfry } = await startsByStream()
  const [first, second] = [belfry.call('me.get', {}), belfry.call('message.list', { roomId: 'nowhere', limit: 5 })]
  expect(net.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /me', 'GET /rooms/nowhere/messages?limit=5'])
  const refused = expect(second).rejects.toMatchObject({ name: 'RefusalError', code: 'not-found', message: 'There is no such room.' })
  await net.calls[1]!.answers(404, { code: 'not-found', detail: 'There is no such room.' })
  await refused
  await net.calls[0]!.answers(200, user('alice'))
  await expect(first).resolves.toEqual(user('alice'))
})

test('[W2] [W8] a request that gets no answer counts as a lost connection; what it carried is sent again, with the same id', async () => {
  const { net, belfry } = await startsByStream()
  await isFollowing(net)
  const id = belfry.room('general').post('hello')
  await turn()
  const lost = belfry.call('me.get', {})
  const outcome = expect(lost).rejects.toMatchObject({ name: 'ConnectionLost' })
  await net.calls[0]!.fails()
  await outcome
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
  expect(net.stream.isAborted).toBe(true)

  await net.clock.passes(500)
  await net.stream.begins().tells(welcome())
  expect(net.calls.filter(({ path }) => path === '/rooms/general/messages').map(({ body }) => body)).toEqual([
    { id, body: 'hello' },
    { id, body: 'hello' },
  ])
  await net.calls.at(-1)!.answers(200, message(2, { id, body: 'hello', authorId: 'alice' }))
  expect(belfry.room('general').view.get().items.at(-1)).toMatchObject({ id, state: 'sent' })
})

test('[W8] what a proxy answers when it fails is no refusal', async () => {
  const { net, belfry } = await startsByStream()
  await isFollowing(net)
  belfry.room('general').post('hello')
  await turn()
  await net.calls[0]!.answers(502, '<h1>Bad gateway</h1>')
  expect(belfry.room('general').view.get().items.at(-1)).toMatchObject({ state: 'sending' })
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
})

test('what a filter blocks fails by itself in the end, and the line holds', async () => {
  const { net, belfry } = await startsByStream()
  await isFollowing(net)
  belfry.room('general').post('hello')
  await turn()
  for (let tries = 0; tries < INTERNAL_TRIES_MAX; tries++) {
    await net.calls.at(-1)!.answers(403, '<h1>Blocked</h1>')
    await net.clock.passes(SEND_AGAIN.mostMs)
    await net.stream.sendsText(':\n\n')
  }
  expect(net.calls).toHaveLength(INTERNAL_TRIES_MAX)
  expect(belfry.room('general').view.get().items.at(-1)).toMatchObject({ state: 'failed' })
  expect(net.streams).toHaveLength(1)
})

test('[F1] to follow more the stream is opened anew from where all stands, once for all of a turn', async () => {
  const { net, belfry } = await startsByStream()
  await isFollowing(net)
  const first = net.stream
  const states: object[] = []
  belfry.connection.subscribe(() => states.push(belfry.connection.get()))
  belfry.room('den')
  belfry.room('attic')
  await turn()
  expect(net.streams).toHaveLength(2)
  expect(first.isAborted).toBe(true)
  expect(net.stream.follow).toEqual(['workspace@3', 'room:general@1', 'user:alice@7', 'room:den', 'room:attic'])
  await net.stream.begins().tells(welcome(), change('room:general', [1, 2], { message: [message(2)] }), live('room:general', 2))
  await net.stream.tells(snapshot('room:den', 5), live('room:den', 5))
  expect(belfry.room('den').view.get().is).toBe('ready')
  expect(belfry.room('general').view.get().items).toHaveLength(2)
  await net.clock.passes(19_000)
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'stream' })
  expect(states).toEqual([])
})

test('what is followed while the stream is on its way is the next opening', async () => {
  const { net, belfry } = await startsByStream()
  await isFollowing(net)
  belfry.room('den')
  await turn()
  belfry.room('attic')
  belfry.room('cellar')
  await turn()
  expect(net.streams).toHaveLength(2)
  await net.stream.begins().tells(welcome())
  expect(net.streams).toHaveLength(3)
  expect(net.stream.follow).toEqual(expect.arrayContaining(['room:attic', 'room:cellar', 'room:den']))
})

test('a stream that was left says nothing any more, not even why it ends', async () => {
  const { net, belfry } = await startsByStream()
  await isFollowing(net)
  belfry.room('den')
  await turn()
  belfry.room('attic')
  await turn()
  await net.stream.begins().tells(welcome(), { t: 'close', code: CLOSE['too-slow'], reason: 'too-slow' })
  expect(net.streams).toHaveLength(3)
  await net.stream.begins().tells(welcome())
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'stream' })
})

test('[F7] what may not be followed is asked for again, with backoff', async () => {
  const { net, belfry } = await startsByStream()
  await isFollowing(net)
  belfry.room('den')
  await turn()
  await net.stream.begins().tells(welcome(), { t: 'unfollowed', topic: 'room:den', reason: 'not-found' })
  expect(belfry.room('den').view.get().is).toBe('gone')
  await net.clock.passes(1_000)
  expect(net.streams).toHaveLength(3)
  await net.stream.begins().tells(welcome(), snapshot('room:den', 9), live('room:den', 9))
  expect(belfry.room('den').view.get().is).toBe('ready')
})

test('[P4] what is too much for one stream, or is no topic, is refused without opening it again', async () => {
  const rooms = Array.from({ length: TOPICS_PER_CONNECTION_MAX }, (_, at) => `r${at}`)
  const { net, belfry } = await startsByStream({ rooms })
  const nowhere = belfry.room('no, room')
  await turn()
  expect(nowhere.view.get().is).toBe('gone')
  expect(net.stream.follow).toEqual(['workspace', ...rooms.slice(0, -1).map((id) => `room:${id}`)])
  expect(belfry.room(rooms.at(-1)!).view.get().is).toBe('gone')
  expect(net.streams).toHaveLength(1)
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'stream' })
})

test('what is let go of is not named any more, and can be followed again', async () => {
  const { net, belfry } = await startsByStream()
  for (const id of ['den', ...Array.from({ length: ROOMS_OPEN_MAX }, (_, at) => `r${at}`)]) belfry.room(id)
  await turn()
  expect(net.stream.follow).not.toContain('room:den')
  await net.stream.begins().tells(welcome())
  belfry.room('den')
  await turn()
  expect(net.stream.follow).toContain('room:den')
  await net.stream.begins().tells(welcome(), snapshot('room:den', 5), live('room:den', 5))
  expect(belfry.room('den').view.get().is).toBe('ready')
})

test.each([
  [CLOSE['session-ended'], 'signed-out'],
  [CLOSE['too-many-connections'], 'protocol'],
])('the last frame says why it ends: %i ends it for good', async (code, reason) => {
  const { net, belfry } = await startsByStream()
  await net.stream.tells({ t: 'close', code, reason: 'x' })
  expect(belfry.connection.get()).toEqual({ is: 'ended', reason })
  await net.clock.passes(120_000)
  expect(net.clock.waiting).toBe(0)
})

test('[P5] after drain it comes back at a random time within the window', async () => {
  const { net, belfry } = await startsByStream()
  await net.stream.tells({ t: 'drain', withinMs: 8_000 }, { t: 'close', code: CLOSE['shutting-down'], reason: 'shutting-down' })
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting', retryAt: net.clock.now + 4_000 })
})

test.each([
  [401, { code: 'unauthenticated', detail: 'Sign in.' }, { is: 'ended', reason: 'signed-out' }],
  [400, { code: 'version', detail: 'Another one.' }, { is: 'ended', reason: 'outdated' }],
  [400, { code: 'malformed', detail: 'No.' }, { is: 'ended', reason: 'protocol' }],
  [503, { code: 'shutting-down', detail: 'Later.' }, { is: 'waiting' }],
  [401, '<h1>Sign in to this proxy</h1>', { is: 'waiting' }],
  [200, '<h1>Welcome to this network</h1>', { is: 'waiting' }],
])('a stream that is answered with %i %o', async (status, body, state) => {
  const net = new FakeNetwork({ streams: true })
  const belfry = connect({ url: 'http://x', world: net.world })
  net.socket.breaks()
  await net.stream.answers(status, body)
  expect(belfry.connection.get()).toMatchObject(state)
})

test('a proxy that holds the stream back is left after 20 s', async () => {
  const net = new FakeNetwork({ streams: true })
  const belfry = connect({ url: 'http://x', world: net.world })
  net.socket.breaks()
  net.stream.begins()
  await net.clock.passes(20_000)
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
  expect(net.stream.isAborted).toBe(true)
})

test('signs of life keep a stream; one that has none is opened anew, and lost when that is silent too', async () => {
  const { net, belfry } = await startsByStream()
  for (let at = 0; at < 10; at++) {
    await net.clock.passes(15_000)
    await net.stream.sendsText(':\n\n')
  }
  expect(net.streams).toHaveLength(1)
  await net.clock.passes(50_000)
  expect(net.streams).toHaveLength(2)
  await net.stream.begins().tells(welcome())
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'stream' })
  await net.clock.passes(50_000)
  expect(net.streams).toHaveLength(3)
  await net.clock.passes(20_000)
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
})

test('after waking, a stream that was heard just now is kept, and one that was not is opened anew at once', async () => {
  const { net, belfry } = await startsByStream()
  net.wakes()
  await net.clock.passes(5_000)
  expect(net.streams).toHaveLength(1)
  net.clock.sleeps(60 * 60_000)
  net.wakes()
  expect(net.streams).toHaveLength(2)
  await net.stream.begins().tells(welcome())
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'stream' })
})

test.each([
  ['another database', welcome({ epoch: 'e2' })],
  ['another account', welcome({ user: user('bob') })],
])('a stream that was opened anew and is of %s begins all over', async (_, other) => {
  const { net, belfry } = await startsByStream()
  await isFollowing(net)
  belfry.room('den')
  await turn()
  await net.stream.begins().tells(other)
  expect(belfry.connection.get()).toMatchObject({ is: 'waiting' })
  expect(belfry.me.get()?.id).toBe('alice')
})
