import type { Member } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import type { Belfry } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { MEET_AFTER_MS, MEET_ALL_EVERY_MS } from '#meetings.ts'
import { PEOPLE_KEPT_MAX } from '#people.ts'
import type { FakeSocket } from './fake-world.ts'
import { bump, change, EPOCH, FakeNetwork, live, snapshot, turn, user } from './fake-world.ts'

async function inWorkspace(...ids: string[]): Promise<{ net: FakeNetwork; belfry: Belfry; socket: FakeSocket }> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', world: net.world })
  const socket = await net.welcomes()
  socket.tells(snapshot('workspace', 10, { rows: { user: ids.map((id) => user(id)) } }), live('workspace', 10))
  return { net, belfry, socket }
}

function known({ people }: Belfry): string[] {
  return [...people.known.get().values()].map(({ name }) => name).toSorted()
}

test('who is not known is fetched: collected per turn, each once', async () => {
  const { belfry, socket } = await inWorkspace('alice')
  for (const id of ['bob', 'carol', 'bob', 'alice', '']) belfry.people.ask(id)
  await turn()
  belfry.people.ask('bob')
  await turn()
  expect(socket.calls('user.list')).toMatchObject([{ input: { ids: ['bob', 'carol'] } }])
  await socket.answers('user.list', { result: { items: [user('bob')], epoch: EPOCH, seq: 10 } })
  expect(known(belfry)).toEqual(['alice', 'bob'])
})

test('who is asked for before the connection stands is fetched when it does', async () => {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://x', world: net.world })
  belfry.people.ask('bob')
  await turn()
  const socket = await net.welcomes()
  socket.tells(snapshot('workspace', 10))
  await turn()
  expect(socket.calls('user.list')).toMatchObject([{ input: { ids: ['bob'] } }])
})

test('who was asked for when the connection broke is asked for again', async () => {
  const { net, belfry, socket } = await inWorkspace()
  belfry.people.ask('bob')
  await turn()
  socket.breaks()
  await net.clock.passes(500)
  const next = await net.welcomes()
  expect(next.calls('user.list')).toMatchObject([{ input: { ids: ['bob'] } }])
})

test('more than fit into one call are fetched one call after the other', async () => {
  const { belfry, socket } = await inWorkspace()
  for (let n = 0; n < 130; n++) belfry.people.ask(`u${n}`)
  await turn()
  await socket.answers('user.list', { result: { items: [], epoch: EPOCH, seq: 10 } })
  expect(socket.calls('user.list').map(({ input }) => (input['ids'] as string[]).length)).toEqual([100, 30])
})

test('[F6] a change that comes while profiles are fetched is laid over them', async () => {
  const { belfry, socket } = await inWorkspace()
  belfry.people.ask('bob')
  await turn()
  socket.tells(change('workspace', [10, 11], { user: [user('bob', { changed: 11, name: 'Robert' })] }))
  await socket.answers('user.list', { result: { items: [user('bob')], epoch: EPOCH, seq: 10 } })
  expect(known(belfry)).toEqual(['Robert'])
})

test('[F3] after a snapshot those who are missing in it are shown as last known and fetched again', async () => {
  const { belfry, socket } = await inWorkspace('alice', 'bob')
  socket.tells(snapshot('workspace', 30, { rows: { user: [user('alice', { changed: 20, name: 'Alice' })] } }))
  await turn()
  expect(known(belfry)).toEqual(['Alice', 'bob'])
  expect(socket.calls('user.list')).toMatchObject([{ input: { ids: ['bob'] } }])
})

test("one's own profile follows the workspace", async () => {
  const { belfry, socket } = await inWorkspace('alice')
  socket.tells(change('workspace', [10, 11], { user: [user('alice', { changed: 11, name: 'Alice' })] }))
  expect(belfry.me.get()?.name).toBe('Alice')
})

test('who could not be fetched for now is asked for again, later and later, until it succeeds', async () => {
  const { net, belfry, socket } = await inWorkspace()
  belfry.people.ask('bob')
  await turn()
  await socket.answers('user.list', { refusal: { code: 'busy', detail: 'The server is busy.' } })
  expect(socket.calls('user.list')).toHaveLength(1)
  await net.clock.passes(500)
  expect(socket.calls('user.list')).toHaveLength(2)
  await socket.answers('user.list', { refusal: { code: 'busy', detail: 'The server is busy.' } })
  await net.clock.passes(999)
  expect(socket.calls('user.list')).toHaveLength(2)
  await net.clock.passes(1)
  await socket.answers('user.list', { result: { items: [user('bob')], epoch: EPOCH, seq: 10 } })
  expect(known(belfry)).toEqual(['bob'])
})

test('who kept changing while being fetched is asked for again', async () => {
  const { net, belfry, socket } = await inWorkspace()
  belfry.people.ask('bob')
  await turn()
  for (let tries = 0; tries < 5; tries++) await socket.answers('user.list', { result: { items: [user('bob')], epoch: EPOCH, seq: 9 } })
  await net.clock.passes(500)
  await socket.answers('user.list', { result: { items: [user('bob')], epoch: EPOCH, seq: 10 } })
  expect(known(belfry)).toEqual(['bob'])
})

test('who waits to be fetched again is fetched as soon as the connection is back', async () => {
  const { net, belfry, socket } = await inWorkspace()
  belfry.people.ask('bob')
  await turn()
  await socket.answers('user.list', { refusal: { code: 'busy', detail: 'The server is busy.' } })
  socket.breaks()
  belfry.retryNow()
  const next = await net.welcomes()
  expect(next.calls('user.list')).toMatchObject([{ input: { ids: ['bob'] } }])
})

test('who was refused for good is not asked for again, and does not hold up the others', async () => {
  const { net, belfry, socket } = await inWorkspace()
  belfry.people.ask('nobody')
  await turn()
  belfry.people.ask('bob')
  await turn()
  socket.tells({ t: 'reply', id: socket.calls('user.list')[0]!.id, refusal: { code: 'malformed', detail: 'This is no id.' } })
  await socket.answers('user.list', { result: { items: [user('bob')], epoch: EPOCH, seq: 10 } })
  await net.clock.passes(10_000)
  expect(socket.calls('user.list').map(({ input }) => input['ids'])).toEqual([['nobody'], ['bob']])
  expect(known(belfry)).toEqual(['bob'])
})

test('[P4] of many people those asked for last are kept; whoever was let go of is fetched again when asked for', async () => {
  const { belfry, socket } = await inWorkspace('alice')
  const asks = async (from: number, to: number) => {
    for (let n = from; n < to; n++) belfry.people.ask(`u${n}`)
    await turn()
    for (let answered = 0; answered < to - from; answered += 100) {
      const ids = socket.calls('user.list').at(-1)!.input['ids'] as string[]
      await socket.answers('user.list', { result: { items: ids.map((id) => user(id)), epoch: EPOCH, seq: 10 } })
    }
  }
  await asks(0, PEOPLE_KEPT_MAX - 100)
  belfry.people.ask('u0')
  await asks(5_000, 5_200)
  expect(belfry.people.known.get().size).toBe(PEOPLE_KEPT_MAX)
  expect(['alice', 'u0', 'u1', 'u5199'].map((id) => belfry.people.known.get().has(id))).toEqual([false, true, false, true])
  await asks(1, 2)
  expect(belfry.people.known.get().has('u1')).toBe(true)
  expect(belfry.people.known.get().size).toBe(PEOPLE_KEPT_MAX)
})

test('[P4] whom nobody asked for are let go of first, also when the workspace tells of ever more', async () => {
  const { belfry, socket } = await inWorkspace()
  belfry.people.ask('bob')
  await turn()
  await socket.answers('user.list', { result: { items: [user('bob')], epoch: EPOCH, seq: 10 } })
  for (let seq = 11; seq < 41; seq++) {
    const users = Array.from({ length: 100 }, (_, at) => user(`u${seq}-${at}`, { changed: seq }))
    socket.tells(change('workspace', [seq - 1, seq], { user: users }))
  }
  expect(belfry.people.known.get().size).toBe(PEOPLE_KEPT_MAX)
  expect(belfry.people.known.get().has('bob')).toBe(true)
})

/** A guest knows alice, bob and carol, and has been asked for nobody yet. */
async function asGuest(): Promise<{ net: FakeNetwork; belfry: Belfry; socket: FakeSocket }> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', world: net.world })
  const socket = await net.welcomes({ user: user('prachi', { role: 'guest' }) })
  socket.tells(snapshot('workspace', 10, { rows: { user: ['alice', 'bob', 'carol'].map((id) => user(id)) } }), live('workspace', 10))
  await net.clock.passes(MEET_AFTER_MS)
  expect(socket.calls('user.list')).toEqual([])
  return { net, belfry, socket }
}

function member(id: string, own: { endedAt?: number } = {}): Member {
  return { id, roomId: 'general', changed: 10, role: 'member', joinedAt: 0, seesAfter: 0, endedAt: null, ...own }
}

function askedFor(socket: FakeSocket): unknown[] {
  return socket.calls('user.list').map(({ input }) => (input['ids'] as string[]).toSorted())
}

test('[F5] a guest to whose room somebody comes, or who has left it, asks again who that is, and for nobody else', async () => {
  const { net, belfry, socket } = await asGuest()
  socket.tells({ ...bump([9, 10], []), rows: { member: [member('alice'), member('aman')] } })
  socket.tells(change('room:den', [3, 4], { member: [member('bob', { endedAt: 4 })] }))
  await net.clock.passes(MEET_AFTER_MS)
  expect(askedFor(socket)).toEqual([['alice', 'aman', 'bob']])
  const met = [user('alice', { name: 'Alicia', changed: 11 }), user('aman'), user('bob')]
  await socket.answers('user.list', { result: { items: met, epoch: EPOCH, seq: 20 } })
  expect(known(belfry)).toEqual(['Alicia', 'aman', 'bob', 'carol'])
  socket.tells(bump([10, 11], [[3, 'alice', 11, 1]]))
  await net.clock.passes(MEET_ALL_EVERY_MS)
  expect(askedFor(socket)).toHaveLength(1)
})

test.each([
  ['begins to watch a room', bump([4, 4], [])],
  ['does not know who came', bump([4, 9], null)],
  ['gets a room anew, whose former members nobody tells of', snapshot('room:den', 4)],
  ['comes to a room', change('room:general', [9, 10], { member: [member('prachi')] })],
])('[F5] a guest who %s asks again for all whom they know', async (_, meeting) => {
  const { net, socket } = await asGuest()
  socket.tells(meeting)
  await net.clock.passes(MEET_AFTER_MS)
  expect(askedFor(socket)).toEqual([['alice', 'bob', 'carol']])
})

test('[P4] all whom a guest knows are asked for now and then at most; the last need is not forgotten', async () => {
  const { net, socket } = await asGuest()
  for (let rooms = 0; rooms < 5; rooms++) socket.tells({ ...bump([4, 4], []), topic: `room:${rooms}` })
  await net.clock.passes(MEET_AFTER_MS)
  expect(askedFor(socket)).toHaveLength(1)
  await socket.answers('user.list', { result: { items: [], epoch: EPOCH, seq: 20 } })
  socket.tells(bump([4, 4], []))
  await net.clock.passes(MEET_ALL_EVERY_MS - 1)
  expect(askedFor(socket)).toHaveLength(1)
  await net.clock.passes(1)
  expect(askedFor(socket)).toHaveLength(2)
})

test('[F5] meanwhile a guest learns at once whose messages are before them', async () => {
  const { net, belfry, socket } = await asGuest()
  socket.tells(bump([4, 4], []))
  await net.clock.passes(MEET_AFTER_MS)
  await socket.answers('user.list', { result: { items: [], epoch: EPOCH, seq: 20 } })
  socket.tells(bump([4, 4], []))
  belfry.people.ask('aman')
  await turn()
  expect(askedFor(socket).at(-1)).toEqual(['aman'])
})
