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

/** The marker of General stands there, as of seq 5. */
async function withMarkerAt(readTo: number) {
  const stage = await withList()
  const row = place('general', { readTo, changed: 5 })
  stage.socket.tells(snapshot('user:alice', 5, { rows: { place: [row] } }), live('user:alice', 5))
  await stage.lists({ id: 'general', posted: 9, readTo })
  const said = () => stage.socket.calls('room.read').map(({ input: { roomId: _, ...move } }) => move)
  return { ...stage, room: stage.belfry.room('general'), said }
}

/** It has said that General is read to there; `before`: its marker until then. */
async function saidReadTo(n: number, before: number) {
  const stage = await withMarkerAt(before)
  stage.room.readTo(n)
  await stage.net.clock.passes(1_000)
  return stage
}

/** One's own topic tells where the marker stands now. */
function moved(readTo: number, [prev, seq]: [number, number]) {
  return change('user:alice', [prev, seq], { place: [place('general', { readTo, changed: seq })] })
}

function stale(readTo: number, changed: number) {
  return { refusal: { code: 'stale', detail: 'Moved.', row: place('general', { readTo, changed }) } }
}

test('[W3] a mark of the reader says which state it marks; refused as stale, it says the state that it learns of', async () => {
  const { net, socket, said } = await saidReadTo(6, 2)
  const row = place('general', { readTo: 2, mentions: 1, changed: 6 })
  await socket.answers('room.read', { refusal: { code: 'stale', detail: 'Moved.', row } })
  await net.clock.passes(0)
  expect(said()).toEqual([
    { readTo: 6, changed: 5 },
    { readTo: 6, changed: 6 },
  ])
  // Of another epoch, whose rows are on their way: not again and again meanwhile.
  await socket.answers('room.read', stale(0, 1))
  await net.clock.passes(999)
  expect(said()).toHaveLength(2)
  await net.clock.passes(1)
  expect(said()).toHaveLength(3)
})

test('[W3] what was read before it was marked as unread elsewhere does not undo that', async () => {
  const { net, socket, room, said } = await saidReadTo(6, 4)
  await socket.answers('room.read', stale(2, 8))
  await net.clock.passes(5_000)
  expect(said()).toHaveLength(1)
  room.readTo(7)
  await net.clock.passes(1_000)
  expect(said().at(-1)).toEqual({ readTo: 7, changed: 8 })
})

test('[W3] … nor when that is told before it is said', async () => {
  const { net, socket, room, said } = await withMarkerAt(4)
  room.readTo(5)
  await socket.answers('room.read', { result: place('general', { readTo: 5, changed: 6 }) })
  room.readTo(6)
  socket.tells(moved(5, [5, 6]), moved(1, [6, 8]))
  await net.clock.passes(500)
  room.readTo(6)
  socket.tells(moved(2, [8, 9]), moved(1, [9, 10]))
  room.readTo(5)
  await net.clock.passes(500)
  expect(said()).toEqual([
    { readTo: 5, changed: 5 },
    { readTo: 5, changed: 10 },
  ])
})

test('[W3] … nor what was read while something else was being said', async () => {
  const { net, socket, room, said } = await saidReadTo(6, 4)
  room.readTo(7)
  await socket.answers('room.read', stale(2, 8))
  await net.clock.passes(5_000)
  expect(said()).toHaveLength(1)

  room.readTo(6)
  await net.clock.passes(1_000)
  room.readTo(7)
  socket.tells(moved(2, [5, 8]), moved(6, [8, 9]), moved(5, [9, 10]))
  await socket.answers('room.read', { result: place('general', { readTo: 6, changed: 9 }) })
  await net.clock.passes(5_000)
  expect(said()).toHaveLength(2)
})

test('[W3] what is read after it was marked as unread elsewhere is said, also while something older is being said', async () => {
  const { net, socket, room, said } = await saidReadTo(6, 4)
  socket.tells(moved(1, [5, 8]))
  room.readTo(6)
  await socket.answers('room.read', stale(1, 8))
  await net.clock.passes(1_000)
  expect(said()).toEqual([
    { readTo: 6, changed: 5 },
    { readTo: 6, changed: 8 },
  ])
})

test('[W3] what is read upon the news that it was marked as unread elsewhere is read after that', async () => {
  const { net, socket, belfry, room, said } = await withMarkerAt(4)
  belfry.rooms.list.subscribe(() => room.readTo(6))
  socket.tells(moved(1, [5, 8]))
  await net.clock.passes(1_000)
  expect(said()).toEqual([{ readTo: 6, changed: 8 }])
})

test('one’s own mark as unread is said again after a refusal for now, whatever was marked elsewhere', async () => {
  const { net, socket, room, said } = await withMarkerAt(4)
  room.unreadFrom(3)
  await socket.answers('room.read', { refusal: { code: 'busy', detail: 'Later.', retryAfterMs: 500 } })
  socket.tells(moved(1, [5, 8]))
  await net.clock.passes(500)
  expect(said().at(-1)).toEqual({ readTo: 2, back: true, changed: 8 })
})

test.each(['the answer', 'one’s own topic'])(
  '[W3] who marks as unread and reads on has read, whether %s tells first of the mark',
  async (first) => {
    const { net, socket, room, said } = await withMarkerAt(4)
    room.unreadFrom(2)
    room.readTo(7)
    if (first !== 'the answer') socket.tells(moved(1, [5, 6]))
    await socket.answers('room.read', { result: place('general', { readTo: 1, changed: 6 }) })
    socket.tells(moved(1, [5, 6]))
    await net.clock.passes(1_000)
    expect(said()).toEqual([
      { readTo: 1, back: true, changed: 5 },
      { readTo: 7, changed: 6 },
    ])
  },
)

test('the read marker is moved at once, then once a second, by one call at a time; and said again after a loss or a refusal for now', async () => {
  const { net, socket, belfry, lists } = await withList()
  await lists({ id: 'general', posted: 9, readTo: 2 })
  const room = belfry.room('general')
  const said = () => socket.calls('room.read').map(({ input }) => input.readTo)
  for (const n of [2, 3, 2, 5]) room.readTo(n)
  expect(said()).toEqual([3])
  await net.clock.passes(1_000)
  expect(said()).toEqual([3])
  await socket.answers('room.read', { result: place('general', { readTo: 3 }) })
  expect(said()).toEqual([3])
  await net.clock.passes(1_000)
  expect(said()).toEqual([3, 5])
  for (const n of [6, 7]) room.readTo(n)
  await socket.answers('room.read', { result: place('general', { readTo: 5 }) })
  await net.clock.passes(1_000)
  expect(said()).toEqual([3, 5, 7])
  await socket.answers('room.read', { refusal: { code: 'busy', detail: 'Later.', retryAfterMs: 500 } })
  await net.clock.passes(500)
  expect(said()).toEqual([3, 5, 7, 7])
  room.unreadFrom(5)
  socket.breaks()
  await net.clock.passes(20_000)
  const next = await net.welcomes()
  await turn()
  expect(next.calls('room.read').map(({ input }) => input)).toEqual([{ roomId: 'general', readTo: 4, back: true }])
})

test('[N4] what rang is read also where nothing of it is to be seen', async () => {
  const { socket, belfry, lists } = await withList()
  const row = place('general', { readTo: 9, mentions: 1, changed: 5 })
  socket.tells(snapshot('user:alice', 5, { rows: { place: [row] } }), live('user:alice', 5))
  await lists({ id: 'general', posted: 9, readTo: 9 })
  belfry.room('general').readTo(0)
  expect(socket.calls('room.read').map(({ input }) => input.readTo)).toEqual([9])
})

test('what is read is said before the page goes', async () => {
  const { net, socket, belfry, lists } = await withList()
  await lists({ id: 'general', posted: 9, readTo: 2 })
  const room = belfry.room('general')
  room.readTo(3)
  await socket.answers('room.read', { result: place('general', { readTo: 3 }) })
  room.readTo(4)
  net.hides()
  expect(socket.calls('room.read').map(({ input }) => input.readTo)).toEqual([3, 4])
})
