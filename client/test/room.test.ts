import type { Snapshot } from '@belfry/protocol/down.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { uuidTime } from '@belfry/protocol/uuid.ts'
import { expect, test } from 'vitest'
import type { Belfry, BelfryOptions, RoomHandle } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { keepInMemory } from '#kept-in-memory.ts'
import type { Keep } from '#kept.ts'
import { newEntry } from '#outbox-entry.ts'
import type { FakeSocket } from './fake-world.ts'
import { change, EPOCH, FakeNetwork, live, message, roomRow, snapshot, turn, welcome } from './fake-world.ts'

const ROOM = 'room:general'

interface Stage {
  net: FakeNetwork
  belfry: Belfry
  room: RoomHandle
  socket: FakeSocket
}

async function inGeneral(rows: Snapshot['rows'] = {}, oldest: number | null = null, options: Partial<BelfryOptions> = {}): Promise<Stage> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world, ...options })
  const socket = await net.welcomes()
  const name = { room: [roomRow()] }
  socket.tells(snapshot(ROOM, 10, { rows: { ...name, ...rows }, windows: { messages: oldest } }), live(ROOM, 10))
  return { net, belfry, room: belfry.room('general'), socket }
}

/** What a person sees, a line an item. */
function sees(room: RoomHandle): string[] {
  return room.view.get().items.map(({ body, state, wants }) => (state === 'sent' ? body : `${body} (${wants} ${state})`))
}

/** What waits in the outbox of an account, as the next page would find it. */
async function kept(keep: Keep, userId: string): Promise<string[]> {
  await turn()
  return (await keep(userId).outbox([])).map(({ input }) => ('body' in input ? input.body : 'id' in input ? input.id : ''))
}

async function comesBack({ net, socket }: Stage, epoch = EPOCH): Promise<FakeSocket> {
  socket.breaks()
  await net.clock.passes(20_000)
  return net.welcomes({ epoch })
}

function mine([n, changed]: [number, number], id: string, body: string): Message {
  return message(n, { id, body, changed, authorId: 'alice' })
}

test('a room is loading, then shows its name and its standing messages by number', async () => {
  const net = new FakeNetwork()
  const room = connect({ url: 'http://x', rooms: ['general'], world: net.world }).room('general')
  expect(room.view.get()).toMatchObject({ is: 'loading', name: '', kind: null, isMember: null, items: [], earlier: false, later: false })
  const stage = await inGeneral({ message: [message(3), message(1), message(2, { deletedAt: 5, body: '' })] })
  expect(stage.room.view.get()).toMatchObject({ is: 'ready', name: 'General', earlier: false })
  expect(sees(stage.room)).toEqual(['body 1', 'body 3'])
})

test('a post is seen at once as sending, then as sent, once', async () => {
  const { room, socket } = await inGeneral({ message: [message(1)] })
  const id = room.post('hello')
  expect(sees(room)).toEqual(['body 1', 'hello (post sending)'])
  expect(room.view.get().items[1]).toMatchObject({ id, n: null, authorId: 'alice' })
  expect(socket.calls('message.post')).toMatchObject([{ input: { roomId: 'general', id, body: 'hello' } }])
  await socket.answers('message.post', { result: mine([2, 11], id, 'hello') })
  expect(sees(room)).toEqual(['body 1', 'hello'])
  socket.tells(change(ROOM, [10, 11], { message: [mine([2, 11], id, 'hello')] }))
  expect(sees(room)).toEqual(['body 1', 'hello'])
})

test('between sending and sent it is never missing from a view', async () => {
  const { room, socket } = await inGeneral()
  const id = room.post('hello')
  const seen: number[] = []
  room.view.subscribe(() => seen.push(room.view.get().items.length))
  await socket.answers('message.post', { result: mine([1, 11], id, 'hello') })
  expect(seen.every((length) => length === 1)).toBe(true)
})

test('[F1] a message that arrives on the stream before its reply is shown as sent', async () => {
  const { room, socket } = await inGeneral()
  const id = room.post('hello')
  socket.tells(change(ROOM, [10, 11], { message: [mine([1, 11], id, 'hello')] }))
  expect(sees(room)).toEqual(['hello'])
  await socket.answers('message.post', { result: { ...mine([1, 11], id, 'hello'), duplicate: true } })
  expect(sees(room)).toEqual(['hello'])
})

test('[W8] messages of one room go one at a time, in the order of storing', async () => {
  const { room, socket } = await inGeneral()
  const ids = [room.post('one'), room.post('two')]
  expect(socket.calls('message.post')).toHaveLength(1)
  await socket.answers('message.post', { result: mine([1, 11], ids[0]!, 'one') })
  expect(socket.calls('message.post').map(({ input }) => input['body'])).toEqual(['one', 'two'])
})

test('[W8] rooms do not wait for each other', async () => {
  const { belfry, room, socket } = await inGeneral()
  room.post('here')
  belfry.room('den').post('there')
  expect(socket.calls('message.post').map(({ input }) => input['roomId'])).toEqual(['general', 'den'])
})

test('[W8] what was written offline is sent afterwards, once and in order, under the same ids', async () => {
  const stage = await inGeneral()
  const first = stage.room.post('one')
  stage.socket.breaks()
  const second = stage.room.post('two')
  expect(sees(stage.room)).toEqual(['one (post sending)', 'two (post sending)'])
  await stage.net.clock.passes(20_000)
  const socket = await stage.net.welcomes()
  expect(socket.calls('message.post')).toMatchObject([{ input: { id: first } }])
  await socket.answers('message.post', { result: { ...mine([1, 11], first, 'one'), duplicate: true } })
  await socket.answers('message.post', { result: mine([2, 12], second, 'two') })
  expect(sees(stage.room)).toEqual(['one', 'two'])
})

test('[W8] a refusal that passes waits, keeps its place, and is sent again', async () => {
  const { net, room, socket } = await inGeneral()
  const id = room.post('one')
  room.post('two')
  await socket.answers('message.post', { refusal: { code: 'rate-limited', detail: 'Slower, please.', retryAfterMs: 3_000 } })
  expect(sees(room)).toEqual(['one (post sending)', 'two (post sending)'])
  await net.clock.passes(2_999)
  expect(socket.calls('message.post')).toHaveLength(1)
  await net.clock.passes(1)
  expect(socket.calls('message.post').map(({ input }) => input['id'])).toEqual([id, id])
})

test('[W8] a refused message is failed with its sentence, does not hold up the next, and can be tried again', async () => {
  const { room, socket } = await inGeneral()
  const id = room.post('one')
  const next = room.post('two')
  await socket.answers('message.post', { refusal: { code: 'not-found', detail: 'You are not in this room.' } })
  expect(room.view.get().items[0]).toMatchObject({ id, state: 'failed', failure: 'You are not in this room.' })
  await socket.answers('message.post', { result: mine([1, 11], next, 'two') })
  expect(sees(room)).toEqual(['two', 'one (post failed)'])
  room.retry(id)
  expect(sees(room)).toEqual(['two', 'one (post sending)'])
  expect(socket.calls('message.post').at(-1)).toMatchObject({ input: { id } })
  await socket.answers('message.post', { result: mine([2, 12], id, 'one') })
  expect(sees(room)).toEqual(['two', 'one'])
})

test('a failed message can be given up', async () => {
  const { room, socket } = await inGeneral()
  const id = room.post('one')
  await socket.answers('message.post', { refusal: { code: 'conflict', detail: 'This id is taken.' } })
  room.discard(id)
  expect(sees(room)).toEqual([])
})

test('[W8] a refusal is not final while an earlier attempt may still be carried out', async () => {
  const stage = await inGeneral()
  const id = stage.room.post('one')
  const socket = await comesBack(stage)
  await socket.answers('message.post', { refusal: { code: 'not-found', detail: 'You are not in this room.' } })
  expect(sees(stage.room)).toEqual(['one (post sending)'])
  await stage.net.clock.passes(20_000)
  expect(socket.calls('message.post').map(({ input }) => input['id'])).toEqual([id, id])
  await socket.answers('message.post', { refusal: { code: 'not-found', detail: 'You are not in this room.' } })
  expect(sees(stage.room)).toEqual(['one (post failed)'])
})

test('[W8] a row that arrives takes the mark of failure away', async () => {
  const { room, socket } = await inGeneral()
  const id = room.post('one')
  await socket.answers('message.post', { refusal: { code: 'not-found', detail: 'No.' } })
  socket.tells(change(ROOM, [10, 11], { message: [mine([1, 11], id, 'one')] }))
  expect(sees(room)).toEqual(['one'])
})

test('[W2] whether it was stored is unknown: it is sent again with the same id', async () => {
  const { net, room, socket } = await inGeneral()
  const id = room.post('one')
  await socket.answers('message.post', { refusal: { code: 'unknown', detail: 'Not known.' } })
  await net.clock.passes(500)
  expect(socket.calls('message.post').map(({ input }) => input['id'])).toEqual([id, id])
})

test('[W2] after an attempt of unknown outcome a refusal is not final', async () => {
  const { net, room, socket } = await inGeneral()
  room.post('one')
  await socket.answers('message.post', { refusal: { code: 'unknown', detail: 'Not known.' } })
  await net.clock.passes(500)
  await socket.answers('message.post', { refusal: { code: 'not-found', detail: 'You are not in this room.' } })
  expect(sees(room)).toEqual(['one (post sending)'])
})

test('a command that the server trips over every time fails in the end', async () => {
  const { net, room, socket } = await inGeneral()
  room.post('one')
  for (let tries = 0; tries < 5; tries++) {
    await socket.answers('message.post', { refusal: { code: 'internal', detail: 'Something went wrong.' } })
    await net.clock.passes(10_000)
    socket.tells({ t: 'pong' })
  }
  expect(sees(room)).toEqual(['one (post failed)'])
})

test('an edit is shown at once and says the newest state that was seen', async () => {
  const { room, socket } = await inGeneral({ message: [mine([1, 4], 'm1', 'one')] })
  room.edit('m1', 'uno')
  expect(sees(room)).toEqual(['uno (edit sending)'])
  expect(socket.calls('message.edit')).toMatchObject([{ input: { roomId: 'general', id: 'm1', body: 'uno', changed: 4 } }])
  await socket.answers('message.edit', { result: { ...mine([1, 11], 'm1', 'uno'), editedAt: 9 } })
  expect(room.view.get().items).toMatchObject([{ body: 'uno', state: 'sent', editedAt: 9 }])
})

test('an edit behind another says the state that the first one made', async () => {
  const { room, socket } = await inGeneral({ message: [mine([1, 4], 'm1', 'one')] })
  room.edit('m1', 'uno')
  room.edit('m1', 'eins')
  room.edit('m1', 'un')
  await socket.answers('message.edit', { result: mine([1, 11], 'm1', 'uno') })
  expect(socket.calls('message.edit').map(({ input }) => [input['body'], input['changed']])).toEqual([
    ['uno', 4],
    ['un', 11],
  ])
})

test('[W3] an edit whose answer was lost is done when the row already says it', async () => {
  const stage = await inGeneral({ message: [mine([1, 4], 'm1', 'one')] })
  stage.room.edit('m1', 'uno')
  const socket = await comesBack(stage)
  expect(socket.calls('message.edit')).toMatchObject([{ input: { changed: 4 } }])
  await socket.answers('message.edit', { refusal: { code: 'stale', detail: 'It has changed.', row: mine([1, 11], 'm1', 'uno') } })
  socket.tells(snapshot(ROOM, 10, { rows: { message: [mine([1, 4], 'm1', 'one')] } }))
  expect(sees(stage.room)).toEqual(['one'])
  socket.tells(change(ROOM, [10, 11], { message: [mine([1, 11], 'm1', 'uno')] }))
  expect(sees(stage.room)).toEqual(['uno'])
})

test('[W3] the row in a refusal is shown at once when it is as wanted', async () => {
  const { net, room, socket } = await inGeneral({ message: [mine([1, 4], 'm1', 'one')] })
  room.edit('m1', 'uno')
  await socket.answers('message.edit', { refusal: { code: 'unknown', detail: 'Not known.' } })
  await net.clock.passes(500)
  await socket.answers('message.edit', { refusal: { code: 'stale', detail: 'It has changed.', row: mine([1, 11], 'm1', 'uno') } })
  expect(sees(room)).toEqual(['uno'])
})

test('[W3] an edit that may have been carried out is sent again as it was, whatever arrived meanwhile', async () => {
  const { net, room, socket } = await inGeneral({ message: [mine([1, 4], 'm1', 'one')] })
  room.edit('m1', 'uno')
  await socket.answers('message.edit', { refusal: { code: 'unknown', detail: 'Not known.' } })
  socket.tells(change(ROOM, [10, 11], { message: [mine([1, 11], 'm1', 'other')] }))
  await net.clock.passes(500)
  expect(socket.calls('message.edit').map(({ input }) => input['changed'])).toEqual([4, 4])
})

test('[W3] an edit of what has changed meanwhile fails, and can be tried again on the new state', async () => {
  const { room, socket } = await inGeneral({ message: [mine([1, 4], 'm1', 'one')] })
  room.edit('m1', 'uno')
  socket.tells(change(ROOM, [10, 11], { message: [mine([1, 11], 'm1', 'other')] }))
  await socket.answers('message.edit', { refusal: { code: 'stale', detail: 'It has changed.', row: mine([1, 11], 'm1', 'other') } })
  expect(sees(room)).toEqual(['uno (edit failed)'])
  room.retry('m1')
  expect(socket.calls('message.edit').at(-1)).toMatchObject({ input: { changed: 11 } })
})

test('[W8] an edit dies with its epoch, in sight of its author', async () => {
  const stage = await inGeneral({ message: [mine([1, 4], 'm1', 'one')] })
  stage.socket.breaks()
  stage.room.edit('m1', 'uno')
  await stage.net.clock.passes(20_000)
  const socket = await stage.net.welcomes({ epoch: 'e2' })
  expect(socket.calls('message.edit')).toEqual([])
  expect(sees(stage.room)).toEqual(['uno (edit failed)'])
})

test('a deletion is shown as such until it is done, then the message is gone', async () => {
  const { room, socket } = await inGeneral({ message: [mine([1, 1], 'm1', 'one')] })
  room.remove('m1')
  room.remove('m1')
  expect(sees(room)).toEqual(['one (delete sending)'])
  expect(socket.calls('message.delete')).toHaveLength(1)
  await socket.answers('message.delete', { result: { ...mine([1, 11], 'm1', ''), deletedAt: 9 } })
  expect(sees(room)).toEqual([])
})

test('a message that was never sent is edited and deleted here alone', async () => {
  const stage = await inGeneral()
  stage.socket.breaks()
  const [kept, dropped] = [stage.room.post('one'), stage.room.post('two')]
  stage.room.edit(kept, 'uno')
  stage.room.remove(dropped)
  expect(sees(stage.room)).toEqual(['uno (post sending)'])
  await stage.net.clock.passes(20_000)
  const socket = await stage.net.welcomes()
  expect(socket.calls()).toMatchObject([{ name: 'message.post', input: { body: 'uno' } }])
})

test('what was to happen to a message that is refused happens to the refused text', async () => {
  const { room, socket } = await inGeneral()
  const [edited, deleted] = [room.post('one'), room.post('two')]
  room.edit(edited, 'uno')
  await socket.answers('message.post', { refusal: { code: 'not-found', detail: 'No.' } })
  room.remove(deleted)
  await socket.answers('message.post', { refusal: { code: 'not-found', detail: 'No.' } })
  expect(sees(room)).toEqual(['uno (post failed)'])
})

test('items that did not change keep their identity', async () => {
  const { room, socket } = await inGeneral({ message: [message(1), message(2)] })
  const [first, second] = room.view.get().items
  expect(room.view.get()).toBe(room.view.get())
  room.post('three')
  socket.tells(change(ROOM, [10, 11], { message: [message(2, { changed: 11, body: 'edited' })] }))
  expect(room.view.get().items[0]).toBe(first)
  expect(room.view.get().items[1]).not.toBe(second)
})

test('[F6] earlier messages are loaded page by page until the room is whole', async () => {
  const { room, socket } = await inGeneral({ message: [message(5), message(6)] }, 5)
  expect(room.view.get().earlier).toBe(true)
  const [loaded, again] = [room.loadEarlier(), room.loadEarlier()]
  expect(socket.calls('message.list')).toMatchObject([{ input: { roomId: 'general', before: 5 } }])
  await socket.answers('message.list', { result: { items: [message(3), message(4)], next: 3, epoch: EPOCH, seq: 10 } })
  await Promise.all([loaded, again])
  expect(sees(room)).toEqual(['body 3', 'body 4', 'body 5', 'body 6'])
  const rest = room.loadEarlier()
  await socket.answers('message.list', { result: { items: [message(1), message(2)], next: null, epoch: EPOCH, seq: 10 } })
  await rest
  expect(room.view.get()).toMatchObject({ earlier: false })
  await room.loadEarlier()
  expect(socket.calls('message.list')).toHaveLength(2)
})

test('[F6] a page that is too old is asked for again', async () => {
  const { room, socket } = await inGeneral({ message: [message(5)] }, 5)
  const loaded = room.loadEarlier()
  await socket.answers('message.list', { result: { items: [message(4)], next: null, epoch: EPOCH, seq: 9 } })
  expect(socket.calls('message.list')).toHaveLength(2)
  await socket.answers('message.list', { result: { items: [message(4, { body: 'newer' })], next: null, epoch: EPOCH, seq: 10 } })
  await loaded
  expect(sees(room)).toEqual(['newer', 'body 5'])
})

test('a page that could not be loaded says so', async () => {
  const { room, socket } = await inGeneral({ message: [message(5)] }, 5)
  const loaded = expect(room.loadEarlier()).rejects.toMatchObject({ name: 'ConnectionLost' })
  socket.breaks()
  await loaded
  await expect(room.loadEarlier()).rejects.toMatchObject({ name: 'ConnectionLost' })
})

test('[W8] the outbox outlives the page: the next one sends what the last one could not', async () => {
  const keep = keepInMemory()
  const first = await inGeneral({}, null, { keep })
  first.socket.breaks()
  const id = first.room.post('one')
  first.belfry.close()
  const second = await inGeneral({}, null, { keep })
  expect(second.socket.calls('message.post')).toMatchObject([{ input: { id, body: 'one' } }])
  await second.socket.answers('message.post', { result: mine([1, 11], id, 'one') })
  await turn()
  expect(sees(second.room)).toEqual(['one'])
  expect(await kept(keep, 'alice')).toEqual([])
})

test('[W8] two tabs do not drop what the other one keeps', async () => {
  const keep = keepInMemory()
  const [one, two] = [await inGeneral({}, null, { keep }), await inGeneral({}, null, { keep })]
  const id = one.room.post('of one')
  two.room.post('of two')
  expect(await kept(keep, 'alice')).toEqual(['of one', 'of two'])
  await one.socket.answers('message.post', { result: mine([1, 11], id, 'of one') })
  expect(await kept(keep, 'alice')).toEqual(['of two'])
})

test('what is written before the account is known waits in memory and is kept from then on', async () => {
  const net = new FakeNetwork()
  const keep = keepInMemory()
  const room = connect({ url: 'http://x', world: net.world, keep }).room('general')
  room.post('early')
  expect(await kept(keep, 'alice')).toEqual([])
  await net.welcomes()
  expect(await kept(keep, 'alice')).toEqual(['early'])
  expect(net.socket.calls('message.post')).toHaveLength(1)
})

test('forget deletes all that is kept of the account, and of no other', async () => {
  const keep = keepInMemory()
  await keep('bob').outbox([
    {
      is: 'added',
      entry: newEntry({ name: 'notification.delete', input: { id: 'of bob' } }, { entryId: 'e1', createdAt: 1, epoch: null }),
    },
  ])
  const { belfry, room, net } = await inGeneral({ message: [message(1)] }, null, { keep })
  await net.clock.passes(1_000)
  expect(await keep('alice').topics()).not.toEqual([])
  room.post('one')
  await belfry.forget()
  room.post('after')
  await net.clock.passes(10_000)
  expect([await keep('alice').topics(), await kept(keep, 'alice')]).toEqual([[], []])
  expect(await kept(keep, 'bob')).toEqual(['of bob'])
})

test('[P4] beyond 500 waiting changes a post is refused with a clear sentence', async () => {
  const { room, socket } = await inGeneral()
  socket.breaks()
  for (let n = 0; n < 500; n++) room.post(`message ${n}`)
  expect(() => room.post('one too many')).toThrow('500 changes are waiting to be sent.')
  expect(room.view.get().items).toHaveLength(500)
})

test('[W3] an edit says the state that its author saw: one made elsewhere meanwhile is not overwritten', async () => {
  const stage = await inGeneral({ message: [mine([1, 4], 'm1', 'one')] })
  stage.socket.breaks()
  stage.room.edit('m1', 'uno')
  await stage.net.clock.passes(20_000)
  const socket = stage.net.socket
  socket.opens()
  socket.tells(welcome(), change(ROOM, [10, 11], { message: [mine([1, 11], 'm1', 'other')] }))
  expect(socket.calls('message.edit')).toMatchObject([{ input: { changed: 4 } }])
})

test('[W8] a change that was refused and whose message is not held any more is shown apart, and can be given up', async () => {
  const { room, socket } = await inGeneral({ message: [mine([1, 4], 'm1', 'one'), mine([2, 5], 'm2', 'two')] })
  room.edit('m1', 'uno')
  room.remove('m2')
  await socket.answers('message.edit', { refusal: { code: 'archived', detail: 'Nobody writes there.' } })
  await socket.answers('message.delete', { refusal: { code: 'forbidden', detail: 'No.' } })
  expect(room.view.get().refused).toEqual([])
  socket.tells(snapshot(ROOM, 90, { rows: { room: [roomRow()], message: [message(80)] }, windows: { messages: 80 } }))
  const edit = { id: 'm1', wants: 'edit', failure: 'Nobody writes there.' }
  expect(room.view.get().refused).toEqual([edit, { id: 'm2', wants: 'delete', failure: 'No.' }])
  room.discard('m2')
  expect(room.view.get().refused).toEqual([edit])
  room.discard('m1')
  expect(room.view.get().refused).toEqual([])
})

test('[W3] an edit that waits behind another is not laid over what was written elsewhere between them', async () => {
  const { room, socket } = await inGeneral({ message: [mine([1, 4], 'm1', 'one')] })
  room.edit('m1', 'uno')
  room.edit('m1', 'due')
  socket.tells(change(ROOM, [10, 12], { message: [mine([1, 12], 'm1', 'other')] }))
  await socket.answers('message.edit', { result: mine([1, 11], 'm1', 'uno') })
  expect(socket.calls('message.edit').at(-1)).toMatchObject({ input: { body: 'due', changed: 11 } })
})

test('[W3] an edit of a post whose answer is lost says the state that the stream brought', async () => {
  const stage = await inGeneral()
  const id = stage.room.post('one')
  stage.room.edit(id, 'uno')
  stage.socket.tells(change(ROOM, [10, 11], { message: [mine([1, 11], id, 'one')] }))
  const socket = await comesBack(stage)
  expect(socket.calls('message.edit')).toMatchObject([{ input: { body: 'uno', changed: 11 } }])
})

test.each(['expired', 'conflict'])('a post that was refused as %s is tried again under a new id, in its place', async (code) => {
  const { room, socket } = await inGeneral()
  const id = room.post('one')
  await socket.answers('message.post', { refusal: { code, detail: 'Post it anew.' } })
  room.retry(id)
  const sent = socket.calls('message.post').at(-1)?.input
  expect(sent).toMatchObject({ body: 'one' })
  expect(sent?.['id']).not.toBe(id)
  expect(sees(room)).toEqual(['one (post sending)'])
  await socket.answers('message.post', { result: mine([1, 11], String(sent?.['id']), 'one') })
  expect(sees(room)).toEqual(['one'])
})

test('what waits has the time of the server, whatever the clock of the device says', async () => {
  const { net, room, socket } = await inGeneral()
  const serverTime = net.clock.now + 31 * 24 * 60 * 60 * 1000
  socket.breaks()
  await net.clock.passes(20_000)
  await net.welcomes({ serverTime })
  const id = room.post('one')
  // Ids of one process grow: others here may have been made by the real clock.
  expect(uuidTime(id)).toBeGreaterThanOrEqual(serverTime)
  expect(room.view.get().items[0]).toMatchObject({ createdAt: serverTime })
})
