import { expect, test } from 'vitest'
import { connect } from '#belfry.ts'
import { change, EPOCH, FakeNetwork, message, place, snapshot, turn } from './fake-world.ts'

async function inRoom() {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world })
  const socket = await net.welcomes()
  const room = belfry.room('general')
  room.view.subscribe(() => {})
  const tells = (from: number, ...messages: ReturnType<typeof message>[]) =>
    socket.tells(snapshot('room:general', from, { rows: { message: messages }, windows: { messages: messages[0]!.n } }))
  return { net, belfry, socket, room, tells }
}

function answer(n: number, replyTo: string) {
  return message(n, { replyTo })
}

test('[F6] what is answered is fetched where it is not shown, once, and follows the stream from then on', async () => {
  const { socket, room, tells } = await inRoom()
  tells(60, answer(50, 'm3'), answer(51, 'm3'), answer(52, 'm50'))
  expect(room.view.get().quoted.get('m50')).toMatchObject({ n: 50 })
  expect(room.view.get().quoted.has('m3')).toBe(false)
  await turn()
  expect(socket.calls('message.list').map(({ input }) => input)).toEqual([{ roomId: 'general', ids: ['m3'] }])
  await socket.answers('message.list', { result: { items: [message(3)], next: null, epoch: EPOCH, seq: 60 } })
  expect(room.view.get().quoted.get('m3')).toMatchObject({ body: 'body 3' })
  expect(room.view.get().items.map(({ n }) => n)).toEqual([50, 51, 52])

  socket.tells(change('room:general', [60, 61], { message: [message(3, { changed: 61, body: 'another', editedAt: 1 })] }))
  expect(room.view.get().quoted.get('m3')).toMatchObject({ body: 'another' })
  socket.tells(change('room:general', [61, 62], { message: [message(3, { changed: 62, body: '', deletedAt: 1 })] }))
  expect(room.view.get().quoted.get('m3')).toMatchObject({ deletedAt: 1 })
  expect(room.view.get().items.map(({ n }) => n)).toEqual([50, 51, 52])
})

test('what is not there is said so, and asked for again after a snapshot', async () => {
  const { socket, room, tells } = await inRoom()
  tells(60, answer(50, 'm3'))
  room.view.get()
  await turn()
  await socket.answers('message.list', { result: { items: [], next: null, epoch: EPOCH, seq: 60 } })
  expect(room.view.get().quoted.get('m3')).toBeNull()
  tells(70, answer(50, 'm3'))
  expect(room.view.get().quoted.has('m3')).toBe(false)
  await turn()
  expect(socket.calls('message.list')).toHaveLength(2)
})

test('what is being answered is known wherever it stands, until nothing is answered any more', async () => {
  const { socket, room, tells } = await inRoom()
  const answered = () => room.view.get().quoted.get('m50')
  tells(60, message(50), message(51))
  expect(answered()).toBeUndefined()
  room.answers('m50')
  expect(answered()).toMatchObject({ body: 'body 50', deletedAt: null })

  // Far more has been said since: it is not shown any more.
  tells(500, message(400), message(401))
  expect(answered()).toBeUndefined()
  await turn()
  expect(socket.calls('message.list').map(({ input }) => input)).toEqual([{ roomId: 'general', ids: ['m50'] }])
  await socket.answers('message.list', { result: { items: [message(50)], next: null, epoch: EPOCH, seq: 500 } })
  expect(answered()).toMatchObject({ body: 'body 50', deletedAt: null })
  socket.tells(change('room:general', [500, 501], { message: [message(50, { changed: 501, body: '', deletedAt: 1 })] }))
  expect(answered()).toMatchObject({ deletedAt: 1 })

  room.answers(null)
  expect(answered()).toBeUndefined()
})

test('[W8] an answer waits in the outbox with what it answers', async () => {
  const { net, socket, room, tells } = await inRoom()
  tells(60, message(50))
  const id = room.post('yes', { replyTo: 'm50' })
  expect(room.view.get().items.at(-1)).toMatchObject({ id, body: 'yes', replyTo: 'm50', state: 'sending' })
  await turn()
  expect(socket.calls('message.post').map(({ input }) => input)).toEqual([{ roomId: 'general', id, body: 'yes', replyTo: 'm50' }])
  void net
})

test('how one has a room, and whom one has blocked, follow one’s own topic and the answers to oneself', async () => {
  const { belfry, socket, room, tells } = await inRoom()
  tells(60, message(50))
  socket.tells(snapshot('user:alice', 5, { rows: { place: [place('general')], block: [] } }))
  void room.arrange({ notify: 'nothing' })
  await socket.answers('place.update', { result: place('general', { changed: 6, notify: 'nothing' }) })
  void belfry.block('bob')
  await socket.answers('block.create', { result: { id: 'bob', changed: 7, createdAt: 1, endedAt: null } })
  expect([...belfry.blocked.get()]).toEqual(['bob'])
  socket.tells(change('user:alice', [5, 8], { block: [{ id: 'bob', changed: 8, createdAt: 1, endedAt: 2 }] }))
  expect([...belfry.blocked.get()]).toEqual([])
})
