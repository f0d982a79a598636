import { expect, test } from 'vitest'
import { type Belfry, connect } from '#belfry.ts'
import { SAY_TYPING_EVERY_MS, TYPING_ENDS_AFTER_MS } from '#typing.ts'
import { change, FakeNetwork, type FakeSocket, live, message, snapshot, turn } from './fake-world.ts'

const GENERAL = 'room:general'

interface Stage {
  net: FakeNetwork
  belfry: Belfry
  socket: FakeSocket
}

async function inGeneral(): Promise<Stage> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world })
  const socket = await net.welcomes()
  socket.tells(snapshot(GENERAL, 1, { rows: { message: [message(1)] } }), live(GENERAL, 1))
  return { net, belfry, socket }
}

function types({ socket }: Pick<Stage, 'socket'>, ...userIds: string[]): void {
  for (const userId of userIds) socket.tells({ t: 'signal', name: 'typing', topic: GENERAL, userId })
}

function typing({ belfry }: Stage): readonly string[] {
  return belfry.room('general').typing.get()
}

test('who types is shown in the order in which they began, for as long as it is said', async () => {
  const stage = await inGeneral()
  const { net } = stage
  types(stage, 'carol', 'bob')
  expect(typing(stage)).toEqual(['carol', 'bob'])
  await net.clock.passes(TYPING_ENDS_AFTER_MS - 1_000)
  types(stage, 'carol')
  await net.clock.passes(1_000)
  expect(typing(stage)).toEqual(['carol'])
  await net.clock.passes(TYPING_ENDS_AFTER_MS - 1_000)
  expect(typing(stage)).toEqual([])
})

test('it ends at once when their message arrives, also when the hint comes behind it, but not with what others do', async () => {
  const stage = await inGeneral()
  const { net, socket } = stage
  types(stage, 'bob', 'carol')
  socket.tells(change(GENERAL, [1, 2], { message: [message(2, { authorId: 'bob' })] }))
  expect(typing(stage)).toEqual(['carol'])
  types(stage, 'bob')
  expect(typing(stage)).toEqual(['carol'])
  // An older message of hers is edited.
  socket.tells(change(GENERAL, [2, 3], { message: [message(1, { authorId: 'carol', changed: 3 })] }))
  expect(typing(stage)).toEqual(['carol'])
  await net.clock.passes(1_000)
  types(stage, 'bob')
  expect(typing(stage)).toEqual(['carol', 'bob'])
})

test('whoever is in the room no longer does not type there', async () => {
  const stage = await inGeneral()
  types(stage, 'bob', 'carol')
  const bob = { id: 'bob', changed: 2, roomId: 'general', role: 'member', joinedAt: 1, seesAfter: 0 } as const
  stage.socket.tells(change(GENERAL, [1, 2], { member: [{ ...bob, endedAt: null }] }))
  expect(typing(stage)).toEqual(['bob', 'carol'])
  stage.socket.tells(change(GENERAL, [2, 3], { member: [{ ...bob, changed: 3, endedAt: 2 }] }))
  expect(typing(stage)).toEqual(['carol'])
})

test('it ends with the connection, and when one may not see the room any more', async () => {
  const stage = await inGeneral()
  types(stage, 'bob')
  stage.socket.breaks()
  expect(typing(stage)).toEqual([])
  await stage.net.clock.passes(20_000)
  const socket = await stage.net.welcomes()
  socket.tells(snapshot(GENERAL, 1), live(GENERAL, 1))
  types({ socket }, 'bob')
  expect(typing(stage)).toEqual(['bob'])
  socket.tells({ t: 'unfollowed', topic: GENERAL, reason: 'not-found' })
  expect(typing(stage)).toEqual([])
})

test('of a room that is not open nothing is held', async () => {
  const stage = await inGeneral()
  stage.socket.tells({ t: 'signal', name: 'typing', topic: 'room:den', userId: 'bob' })
  expect(stage.belfry.room('den').typing.get()).toEqual([])
})

test('that one types is said now and then, and not kept for later while there is no connection', async () => {
  const stage = await inGeneral()
  const { net, belfry, socket } = stage
  const room = belfry.room('general')
  for (let times = 0; times < 3; times++) room.types()
  expect(socket.frames('signal')).toEqual([{ t: 'signal', name: 'typing', topic: GENERAL }])
  await net.clock.passes(SAY_TYPING_EVERY_MS)
  room.types()
  expect(socket.frames('signal')).toHaveLength(2)
  socket.breaks()
  room.types()
  await net.clock.passes(20_000)
  const next = await net.welcomes()
  await turn()
  expect(next.frames('signal')).toEqual([])
  room.types()
  expect(next.frames('signal')).toHaveLength(1)
})
