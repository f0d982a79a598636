import { expect, test } from 'vitest'
import { connect } from '#belfry.ts'
import { Topic } from '#topic.ts'
import { bumped, countHeld, type Unread } from '#unread.ts'
import type { FakeSocket } from './fake-world.ts'
import { bump, change, FakeNetwork, listedRoom, live, message, place, roomRow, snapshot, turn } from './fake-world.ts'

const AT: Unread = { seq: 10, posted: 5, readTo: 3, count: 1 }

test.each([
  ['a new message of somebody else counts', bump([10, 11], [[6, 'bob', 11, 1]]), { seq: 11, posted: 6, count: 2 }],
  ['one’s own does not', bump([10, 11], [[6, 'alice', 11, 1]]), { seq: 11, posted: 6, count: 1 }],
  ['an edit of one that counted does not', bump([10, 11], [[5, 'bob', 11, 1]]), { posted: 5, count: 1 }],
  ['a deleted one counts no more', bump([10, 11], [[5, 'bob', 11, 0]]), { count: 0 }],
  ['one that was posted and deleted since never did', bump([10, 12], [[6, 'bob', 12, 0]]), { posted: 6, count: 1 }],
  ['one that was read before does not matter', bump([10, 11], [[2, 'bob', 11, 0]]), { count: 1 }],
  [
    'what is known already is not counted again',
    bump(
      [8, 11],
      [
        [5, 'bob', 9, 0],
        [6, 'bob', 11, 1],
      ],
    ),
    { count: 2 },
  ],
  ['an old one says nothing', bump([8, 10], [[5, 'bob', 9, 0]]), AT],
] as const)('[N5] %s', (_, told, expected) => {
  expect(bumped(AT, told, 'alice')).toMatchObject(expected)
})

test.each([
  ['that leaves a hole', AT, bump([11, 12], [[6, 'bob', 12, 1]])],
  ['of too much', AT, bump([10, 400], null)],
  ['that takes one away of a hundred or more', { ...AT, count: 100 }, bump([10, 11], [[5, 'bob', 11, 0]])],
] as const)('[N5] a bump %s is no answer', (_, at, told) => {
  expect(bumped(at, told, 'alice')).toBeNull()
})

test('[N5] rows that a reply brought ahead of the stream are not counted as of its position', () => {
  const topic = new Topic()
  topic.take(snapshot('room:general', 10, { rows: { message: [message(4), message(5)] } }))
  const own = { readTo: 3, ownId: 'alice' }
  topic.besides('e1', { message: [message(7, { authorId: 'alice', changed: 12 })] })
  const at = countHeld(topic, own)!
  expect(at).toEqual({ seq: 10, posted: 5, readTo: 3, count: 2 })
  expect(
    bumped(
      at,
      bump(
        [10, 12],
        [
          [6, 'bob', 11, 1],
          [7, 'alice', 12, 1],
        ],
      ),
      'alice',
    ),
  ).toMatchObject({ posted: 7, count: 3 })

  topic.besides('e1', { message: [message(5, { deletedAt: 13, changed: 13 })] })
  expect(countHeld(topic, own)).toBeNull()
})

interface Stage {
  net: FakeNetwork
  socket: FakeSocket
  unread(): Record<string, number>
  lists(...rooms: { id: string; seq?: number; posted?: number; readTo?: number; unread?: number }[]): Promise<void>
}

async function withList(): Promise<Stage & { belfry: ReturnType<typeof connect> }> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world })
  belfry.rooms.list.subscribe(() => {})
  const socket = await net.welcomes()
  return {
    net,
    belfry,
    socket,
    unread: () => Object.fromEntries(belfry.rooms.list.get().items.map(({ id, unread }) => [id, unread])),
    lists: async (...rooms) => {
      await socket.answers('room.list', { result: { items: rooms.map((room) => listedRoom({ name: room.id, ...room })), next: null } })
    },
  }
}

test('[N5] bumps are laid over the list; after a hole it is asked for again, once for all', async () => {
  const { net, socket, unread, lists } = await withList()
  await lists({ id: 'den' }, { id: 'tower' })
  socket.tells({ ...bump([10, 11], [[1, 'bob', 11, 1]]), topic: 'room:den' })
  expect(unread()).toEqual({ den: 1, tower: 0 })
  for (const seq of [20, 21]) socket.tells({ ...bump([seq, seq + 1], [[3, 'bob', seq, 1]]), topic: 'room:tower' })
  await net.clock.passes(300)
  await lists({ id: 'den', seq: 11, posted: 1, unread: 1 }, { id: 'tower', seq: 22, unread: 3 })
  expect(unread()).toEqual({ den: 1, tower: 3 })
  await net.clock.passes(2_000)
  expect(socket.calls('room.list')).toHaveLength(2)
})

test('a room that is not followed is listed as its row and one’s own membership say', async () => {
  const { belfry, socket, lists } = await withList()
  await lists({ id: 'den' })
  const member = { id: 'alice', roomId: 'den', role: 'owner', joinedAt: 1, endedAt: null } as const
  const rows = { room: [roomRow({ id: 'den', name: 'The den', changed: 11 })], member: [{ ...member, changed: 12 }] }
  socket.tells({ ...bump([10, 12], []), topic: 'room:den', rows })
  expect(belfry.rooms.list.get().items).toMatchObject([{ name: 'The den', role: 'owner' }])
})

test('[N5] a list that is older than where the bumps begin is asked for again', async () => {
  const { net, socket, lists, unread } = await withList()
  socket.tells({ ...bump([12, 12], []), topic: 'room:den' })
  await lists({ id: 'den', seq: 11 })
  await net.clock.passes(300)
  await lists({ id: 'den', seq: 12, unread: 1 })
  expect(unread()).toEqual({ den: 1 })
})

test('[N5] of a room that is followed the rows are counted, as the marker moves', async () => {
  const { socket, lists, unread } = await withList()
  const rows = [1, 2, 3].map((n) => message(n))
  socket.tells(snapshot('user:alice', 5, { rows: { place: [place('general', { readTo: 1 })] } }), live('user:alice', 5))
  socket.tells(snapshot('room:general', 10, { rows: { room: [roomRow()], message: rows }, windows: { messages: null } }))
  await lists({ id: 'general', seq: 9, posted: 2, readTo: 0, unread: 2 })
  expect(unread()).toEqual({ general: 2 })
  socket.tells(change('user:alice', [5, 6], { place: [place('general', { readTo: 3, changed: 6 })] }))
  expect(unread()).toEqual({ general: 0 })
  socket.tells(change('room:general', [10, 11], { message: [message(4, { changed: 11 })] }))
  expect(unread()).toEqual({ general: 1 })
})

test('[F7] a room that was refused is followed at once when one’s own topic tells of a place there', async () => {
  const { socket, belfry, lists } = await withList()
  await lists({ id: 'general' })
  const room = belfry.room('den')
  socket.tells({ t: 'unfollowed', topic: 'room:den', reason: 'not-found' })
  await turn()
  expect(room.view.get().is).toBe('gone')
  const asked = socket.frames('follow').length
  socket.tells(snapshot('user:alice', 5, { rows: { place: [place('den')] } }))
  expect(socket.frames('follow').slice(asked)).toMatchObject([{ topic: 'room:den' }])
  expect(socket.calls('room.list')).toHaveLength(2)
})

test('the read marker is moved by one call at a time, and said again after a loss or a refusal for now', async () => {
  const { net, socket, belfry, lists } = await withList()
  await lists({ id: 'general', posted: 9, readTo: 2 })
  const room = belfry.room('general')
  room.readTo(2)
  expect(socket.calls('room.read')).toEqual([])
  for (const n of [4, 3, 5]) room.readTo(n)
  expect(socket.calls('room.read')).toEqual([])
  await net.clock.passes(1_000)
  expect(socket.calls('room.read').map(({ input }) => input)).toEqual([{ roomId: 'general', readTo: 5 }])
  for (const n of [6, 7]) room.readTo(n)
  await socket.answers('room.read', { result: place('general', { readTo: 5 }) })
  expect(socket.calls('room.read').at(-1)?.input).toEqual({ roomId: 'general', readTo: 7 })
  await socket.answers('room.read', { refusal: { code: 'busy', detail: 'Later.', retryAfterMs: 500 } })
  await net.clock.passes(500)
  expect(socket.calls('room.read')).toHaveLength(3)
  room.unreadFrom(5)
  socket.breaks()
  await net.clock.passes(20_000)
  const next = await net.welcomes()
  await turn()
  expect(next.calls('room.read').map(({ input }) => input)).toEqual([{ roomId: 'general', readTo: 4, back: true }])
})
