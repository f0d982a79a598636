import type { Room } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import type { Belfry, BelfryOptions, ListedRoom } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { ROOMS_OPEN_MAX } from '#open-rooms.ts'
import type { FakeSocket } from './fake-world.ts'
import { change, FakeNetwork, listedRoom, live, message, place, roomRow, snapshot, turn } from './fake-world.ts'

interface Stage {
  net: FakeNetwork
  belfry: Belfry
  socket: FakeSocket
}

async function signedIn(options: Partial<BelfryOptions> = {}): Promise<Stage> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world, ...options })
  return { net, belfry, socket: await net.welcomes() }
}

function listed(id: string, own: Partial<ListedRoom> = {}): ListedRoom {
  return listedRoom({ id, name: id, ...own })
}

function roomNamed(id: string, own: Partial<Room> = {}): Room {
  return roomRow({ id, name: id, ...own })
}

function member(own: { changed: number; endedAt: number | null; roomId: string }) {
  return { id: 'alice', role: 'member', joinedAt: 1, seesAfter: 0, ...own } as const
}

async function lists({ socket }: Stage, ...items: ListedRoom[]): Promise<void> {
  await socket.answers('room.list', { result: { items, next: null } })
}

function names({ belfry }: Stage): string[] {
  return belfry.rooms.list.get().items.map(({ name, role }) => `${name}${role ? '' : ' (not in it)'}`)
}

function unfollowed({ socket }: Stage): string[] {
  return socket.frames('unfollow').map(({ topic }) => topic)
}

test('the list of rooms is asked for from when somebody listens, and again after each loss', async () => {
  const stage = await signedIn()
  expect(stage.socket.calls('room.list')).toHaveLength(0)
  stage.belfry.rooms.list.subscribe(() => {})
  expect(stage.belfry.rooms.list.get()).toEqual({ is: 'loading', items: [], isWhole: false })
  await lists(stage, listed('general'), listed('den', { role: null }))
  expect(names(stage)).toEqual(['general', 'den (not in it)'])
  expect(stage.belfry.rooms.list.get().isWhole).toBe(true)

  stage.socket.breaks()
  await stage.net.clock.passes(20_000)
  const next = await stage.net.welcomes()
  await lists({ ...stage, socket: next }, listed('general'), listed('den'), listed('tower'))
  expect(names(stage)).toEqual(['general', 'den', 'tower'])
})

test('who comes back to the page sees the rooms of now; once closed, nothing is asked', async () => {
  const stage = await signedIn()
  stage.net.wakes()
  expect(stage.socket.calls('room.list')).toHaveLength(0)
  stage.belfry.rooms.list.subscribe(() => {})
  await lists(stage, listed('general'))
  stage.net.wakes()
  await lists(stage, listed('general'), listed('den'))
  expect(names(stage)).toEqual(['general', 'den'])
  stage.belfry.close()
  stage.net.wakes()
  expect(stage.socket.calls('room.list')).toHaveLength(2)
})

test('a list that was asked for without a connection comes with it', async () => {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://x', world: net.world })
  await belfry.rooms.refresh()
  expect(belfry.rooms.list.get().is).toBe('loading')
  const socket = await net.welcomes()
  await lists({ net, belfry, socket }, listed('general'))
  expect(belfry.rooms.list.get().is).toBe('ready')
})

test('a list that could not be had says so, and keeps what it has', async () => {
  const stage = await signedIn()
  const busy = { refusal: { code: 'busy', detail: 'The server is busy.' } }
  void stage.belfry.rooms.refresh()
  await stage.socket.answers('room.list', busy)
  expect(stage.belfry.rooms.list.get().is).toBe('failed')
  void stage.belfry.rooms.refresh()
  await lists(stage, listed('general'))
  void stage.belfry.rooms.refresh()
  await stage.socket.answers('room.list', busy)
  expect(stage.belfry.rooms.list.get()).toMatchObject({ is: 'ready', items: [{ id: 'general' }] })
})

test('names and membership follow the rows of followed rooms, whatever comes first', async () => {
  const stage = await signedIn()
  const { belfry, socket } = stage
  belfry.rooms.list.subscribe(() => {})
  const room = belfry.room('den')
  socket.tells(snapshot('room:den', 10, { rows: { room: [roomNamed('den', { changed: 4, name: 'Old' })] } }))
  await lists(stage, listed('den', { seq: 10, name: 'Den', role: null }))
  expect(names(stage)).toEqual(['Den (not in it)'])
  expect(room.view.get()).toMatchObject({ kind: 'open', isMember: false })

  const rename = { room: [roomNamed('den', { changed: 11, name: 'The den' })] }
  const entry = { member: [member({ changed: 12, endedAt: null, roomId: 'den' })] }
  socket.tells(change('room:den', [10, 12], { ...rename, ...entry }))
  expect(names(stage)).toEqual(['The den'])
  expect(room.view.get()).toMatchObject({ name: 'The den', isMember: true })
  void belfry.rooms.refresh()
  await lists(stage, listed('den', { seq: 11, name: 'The den', role: null }))
  expect(names(stage), 'the answer is older than the entry').toEqual(['The den'])
  void belfry.rooms.refresh()
  await lists(stage, listed('den', { seq: 13, name: 'The den', role: null }))
  expect(names(stage), 'and this one newer').toEqual(['The den (not in it)'])
})

test('[N5] a room that is closed or opened may show other messages than before: what is unread is asked for again', async () => {
  const stage = await signedIn()
  stage.belfry.rooms.list.subscribe(() => {})
  await lists(stage, listed('den', { seq: 4, posted: 3, readTo: 0, unread: 3 }))
  const told = (room: Room) => {
    const { changed } = room
    stage.socket.tells({ t: 'bump', topic: 'room:den', prev: changed - 1, seq: changed, messages: [], rows: { room: [room] } })
    return stage.net.clock.passes(1_000)
  }
  await told(roomNamed('den', { changed: 5, description: 'Where we rest' }))
  expect(stage.socket.calls('room.list')).toHaveLength(1)
  await told(roomNamed('den', { changed: 6, kind: 'closed' }))
  expect(stage.socket.calls('room.list')).toHaveLength(2)
  await lists(stage, listed('den', { seq: 6, kind: 'closed', posted: 3, readTo: 0, unread: 1 }))
  expect(stage.belfry.rooms.list.get().items).toMatchObject([{ id: 'den', unread: 1 }])
})

test('joining a room makes one a member at once', async () => {
  const stage = await signedIn()
  const { belfry, socket } = stage
  belfry.rooms.list.subscribe(() => {})
  const room = belfry.room('den')
  socket.tells(snapshot('room:den', 10))
  await lists(stage, listed('den', { role: null }))
  const joined = room.join()
  expect(socket.calls('room.join')).toMatchObject([{ input: { roomId: 'den' } }])
  await socket.answers('room.join', { result: member({ changed: 11, endedAt: null, roomId: 'den' }) })
  await joined
  expect(room.view.get().isMember).toBe(true)

  const refused = expect(room.join()).rejects.toMatchObject({ code: 'busy' })
  await socket.answers('room.join', { refusal: { code: 'busy', detail: 'The server is busy.' } })
  await refused
})

test('whoever loses a room asks for the list again', async () => {
  const stage = await signedIn()
  stage.belfry.rooms.list.subscribe(() => {})
  stage.belfry.room('den')
  await lists(stage, listed('general'), listed('den'))
  stage.socket.tells({ t: 'unfollowed', topic: 'room:den', reason: 'not-found' })
  await lists(stage, listed('general'))
  expect(names(stage)).toEqual(['general'])
})

test('[P4] so many rooms stay followed, those opened last; the others are let go of, and followed anew when they are opened', async () => {
  const stage = await signedIn()
  const { belfry, socket } = stage
  const first = belfry.room('den')
  socket.tells(snapshot('room:den', 10, { rows: { message: [message(1)] } }))
  for (let n = 0; n < ROOMS_OPEN_MAX - 2; n++) belfry.room(`r${n}`)
  expect(belfry.room('den'), 'opened again: the last one now').toBe(first)
  expect(unfollowed(stage)).toEqual([])
  for (const id of ['s1', 's2']) belfry.room(id)
  expect(unfollowed(stage)).toEqual(['room:r0', 'room:r1'])
  expect(first.view.get().items).toHaveLength(1)
  for (let n = 0; n < ROOMS_OPEN_MAX; n++) belfry.room(`t${n}`)
  expect(unfollowed(stage)).toContain('room:den')
  expect(unfollowed(stage), 'named at the connection').not.toContain('room:general')
  expect(first.view.get().items).toEqual([])

  const again = belfry.room('den')
  expect(again).not.toBe(first)
  expect(socket.frames('follow').at(-1)).toMatchObject({ topic: 'room:den' })
  socket.tells(snapshot('room:den', 12, { rows: { message: [message(1), message(2)] } }))
  expect(again.view.get().items).toHaveLength(2)
})

test('a room that somebody looks at stays open', async () => {
  const stage = await signedIn()
  const stop = stage.belfry.room('den').view.subscribe(() => {})
  for (let n = 0; n < 2 * ROOMS_OPEN_MAX; n++) stage.belfry.room(`r${n}`)
  expect(unfollowed(stage)).not.toContain('room:den')
  stop()
  stage.belfry.room('one more')
  expect(unfollowed(stage)).toContain('room:den')
})

test('what waits to be sent is counted, whatever room it is for', async () => {
  const { belfry, socket } = await signedIn()
  const id = belfry.room('general').post('one')
  belfry.room('den').post('two')
  expect(belfry.unsent.get()).toBe(2)
  await socket.answers('message.post', { refusal: { code: 'not-found', detail: 'No.' } })
  expect(belfry.unsent.get()).toBe(1)
  socket.tells(
    snapshot('room:general', 10, { rows: { message: [message(1, { id, authorId: 'alice', body: 'one' })] } }),
    live('room:general', 10),
  )
  await turn()
  expect(belfry.unsent.get()).toBe(0)
})

test('all rooms are read as far as the screen was told, in one call', async () => {
  const stage = await signedIn()
  stage.belfry.rooms.list.subscribe(() => {})
  await lists(
    stage,
    listed('den', { posted: 7, readTo: 3, unread: 4 }),
    listed('tower', { posted: 2, readTo: 1, unread: 1 }),
    listed('attic'),
  )
  const done = stage.belfry.rooms.markAllRead()
  const rooms = [
    { roomId: 'den', readTo: 7 },
    { roomId: 'tower', readTo: 2 },
  ]
  expect(stage.socket.calls('room.read-all')).toMatchObject([{ input: { rooms } }])
  await stage.socket.answers('room.read-all', { result: { items: [] } })
  await done
})

test('[N4] also those where nothing but what rang is unread, by all rooms at once and by each alone', async () => {
  const stage = await signedIn()
  stage.belfry.rooms.list.subscribe(() => {})
  await lists(stage, listed('general', { posted: 7, readTo: 7 }), listed('den', { posted: 2, readTo: 2 }))
  stage.socket.tells(
    snapshot('user:alice', 5, { rows: { place: [place('general', { readTo: 7, mentions: 1 }), place('den', { readTo: 2 })] } }),
  )
  void stage.belfry.rooms.markAllRead()
  expect(stage.socket.calls('room.read-all')).toMatchObject([{ input: { rooms: [{ roomId: 'general', readTo: 7 }] } }])
  stage.belfry.room('general').readTo(7)
  stage.belfry.room('den').readTo(2)
  await stage.net.clock.passes(1_000)
  expect(stage.socket.calls('room.read').map(({ input }) => input)).toMatchObject([{ roomId: 'general', readTo: 7 }])
})

test('where nothing is unread nothing is said', async () => {
  const stage = await signedIn()
  stage.belfry.rooms.list.subscribe(() => {})
  await lists(stage, listed('den'))
  await stage.belfry.rooms.markAllRead()
  expect(stage.socket.calls('room.read-all')).toEqual([])
})
