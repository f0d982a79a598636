import { expect, test } from 'vitest'
import type { RowsFrame } from '#parts.ts'
import { Topic } from '#topic.ts'
import { change, EPOCH, message, notification, snapshot } from './fake-world.ts'

const ROOM = 'room:general'

function held(topic: Topic): string[] {
  return [...topic.rows('message').values()].map(({ id, body, deletedAt }) => `${id}:${deletedAt === null ? body : 'deleted'}`).toSorted()
}

function roomChange(range: [number, number], rows: RowsFrame['rows'], part?: [number, number]): RowsFrame {
  return { ...change(ROOM, range, rows), ...(part && { part }) }
}

/** A room of which messages from `oldest` on are held, at this seq. */
function roomAt(seq: number, oldest: number | null, ...messages: ReturnType<typeof message>[]): Topic {
  const topic = new Topic()
  topic.take(snapshot(ROOM, seq, { rows: { message: messages }, windows: { messages: oldest } }))
  return topic
}

function pageOf(...messages: ReturnType<typeof message>[]) {
  return { message: messages }
}

test('[F1] a change is taken when prev ≤ position < seq, so overlapping catch-ups fit', () => {
  const topic = roomAt(5, null, message(1, { changed: 5 }))
  const taken = topic.take(roomChange([3, 6], { message: [message(2, { changed: 6 })] }))
  expect(taken.is).toBe('applied')
  expect(topic.position).toEqual({ epoch: EPOCH, seq: 6 })
  expect(held(topic)).toEqual(['m1:body 1', 'm2:body 2'])
})

test('[F1] what is at or below the position is ignored', () => {
  const topic = roomAt(5, null, message(1, { changed: 5 }))
  expect(topic.take(roomChange([3, 5], { message: [message(2, { changed: 5 })] })).is).toBe('nothing')
  expect(held(topic)).toEqual(['m1:body 1'])
})

test('[F1] after a hole nothing is applied: follow again', () => {
  const topic = roomAt(5, null)
  expect(topic.take(roomChange([6, 7], { message: [message(2, { changed: 7 })] })).is).toBe('gap')
  expect(topic.position?.seq).toBe(5)
  expect(held(topic)).toEqual([])
})

test('[F1] changes before the first snapshot are not taken', () => {
  expect(new Topic().take(roomChange([0, 1], {})).is).toBe('nothing')
})

test('[F1] parts are applied together, and only all of them move the position', () => {
  const topic = roomAt(1, null)
  expect(topic.take(roomChange([1, 3], pageOf(message(1, { changed: 2 })), [0, 2])).is).toBe('nothing')
  expect(topic.position?.seq).toBe(1)
  expect(held(topic)).toEqual([])
  expect(topic.take(roomChange([1, 3], pageOf(message(2, { changed: 3 })), [1, 2])).is).toBe('applied')
  expect(topic.position?.seq).toBe(3)
  expect(held(topic)).toEqual(['m1:body 1', 'm2:body 2'])
})

test.each<[string, RowsFrame[]]>([
  ['the first part is missing', [roomChange([1, 3], {}, [1, 2])]],
  ['a part between is missing', [roomChange([1, 3], {}, [0, 3]), roomChange([1, 3], {}, [2, 3])]],
  ['parts are of different changes', [roomChange([1, 3], {}, [0, 2]), roomChange([1, 4], {}, [1, 2])]],
])('[F1] when %s, follow again', (_, frames) => {
  const topic = roomAt(1, null)
  expect(frames.map((frame) => topic.take(frame)).at(-1)).toEqual({ is: 'gap' })
  expect(topic.position?.seq).toBe(1)
})

test('[F1] parts that broke off with the connection are not continued by the next one', () => {
  const topic = roomAt(1, null)
  topic.take(roomChange([1, 3], pageOf(message(1, { changed: 2 })), [0, 2]))
  topic.interrupt()
  expect(topic.take(roomChange([1, 3], pageOf(message(2, { changed: 3 })), [1, 2]))).toEqual({ is: 'gap' })
})

test('[F1] a snapshot in parts replaces what was held only when it is complete', () => {
  const topic = roomAt(3, null, message(1))
  topic.take(snapshot(ROOM, 9, { rows: pageOf(message(7)), part: [0, 2] }))
  expect(held(topic)).toEqual(['m1:body 1'])
  topic.take(snapshot(ROOM, 9, { rows: pageOf(message(8)), part: [1, 2] }))
  expect(held(topic)).toEqual(['m7:body 7', 'm8:body 8'])
  expect(topic.position?.seq).toBe(9)
})

test('[F1] applying a change twice does nothing', () => {
  const topic = roomAt(5, null, message(1))
  const frame = roomChange([5, 6], pageOf(message(2, { changed: 6 })))
  topic.take(frame)
  expect(topic.take(frame).is).toBe('nothing')
  expect(held(topic)).toEqual(['m1:body 1', 'm2:body 2'])
})

test('[F3] a snapshot replaces all that was held, also with a lower seq of another epoch', () => {
  const topic = roomAt(50, null, message(1), message(2, { changed: 50 }))
  topic.take(snapshot(ROOM, 8, { epoch: 'e2', rows: pageOf(message(2, { changed: 8, body: 'restored' })), windows: { messages: 2 } }))
  expect(held(topic)).toEqual(['m2:restored'])
  expect(topic.position).toEqual({ epoch: 'e2', seq: 8 })
  expect(topic.windows.messages).toBe(2)
})

test('[F5] a tombstone is kept, so that an older state that comes later does not bring the row back', () => {
  const topic = roomAt(5, null, message(1))
  topic.take(roomChange([5, 9], pageOf(message(1, { changed: 9, deletedAt: 9 }))))
  topic.besides(EPOCH, pageOf(message(1, { changed: 7, body: 'edited before' })))
  expect(held(topic)).toEqual(['m1:deleted'])
})

test('[F5] the newer state wins, whatever the order', () => {
  const topic = roomAt(5, null, message(1))
  topic.besides(EPOCH, pageOf(message(1, { changed: 7, body: 'newest' })))
  topic.take(roomChange([5, 6], pageOf(message(1, { changed: 6, body: 'older' }))))
  expect(held(topic)).toEqual(['m1:newest'])
  expect(topic.position?.seq).toBe(6)
})

test('[F6] rows below the window are not kept and do not widen it', () => {
  const topic = roomAt(20, 10, message(10))
  topic.take(roomChange([20, 21], pageOf(message(3, { changed: 21 }))))
  topic.besides(EPOCH, pageOf(message(4, { changed: 22 })))
  expect(held(topic)).toEqual(['m10:body 10'])
  expect(topic.windows.messages).toBe(10)
})

test('[F6] a reply is taken beside the stream, without moving the position', () => {
  const topic = roomAt(20, 10, message(10))
  topic.besides(EPOCH, pageOf(message(11, { changed: 25 })))
  expect(held(topic)).toEqual(['m10:body 10', 'm11:body 11'])
  expect(topic.position?.seq).toBe(20)
})

test('[N3] counts are a row like any other: an older one in a late reply changes nothing', () => {
  const topic = new Topic()
  topic.take(snapshot('user:me', 9, { rows: { counts: [{ id: 'inbox', changed: 9, unread: 2, unseen: 0 }] }, windows: {} }))
  topic.besides(EPOCH, { counts: [{ id: 'inbox', changed: 8, unread: 3, unseen: 1 }] })
  expect(topic.rows('counts').get('inbox')).toMatchObject({ changed: 9, unread: 2 })
})

test('[F6] a reply of another epoch is dropped', () => {
  const topic = roomAt(20, 10, message(10))
  topic.besides('e0', pageOf(message(10, { changed: 99, body: 'of another life' })))
  expect(held(topic)).toEqual(['m10:body 10'])
})

test('[F6] a row that is older than the snapshot and not in it is not taken from a reply: it may have changed since', () => {
  const topic = roomAt(20, null, message(1))
  topic.besides(EPOCH, pageOf(message(2, { changed: 15 })))
  expect(held(topic)).toEqual(['m1:body 1'])
})

test('[F6] a page extends the window to where it reaches', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage('messages')!
  expect(page.before).toBe(10)
  expect(topic.takePage(page, { epoch: EPOCH, seq: 20, rows: pageOf(message(8), message(9)), reaches: 8 })).toBe(true)
  expect(held(topic)).toEqual(['m10:body 10', 'm8:body 8', 'm9:body 9'])
  expect(topic.windows.messages).toBe(8)
})

test('[F6] changes that come while a page is awaited are laid over it', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage('messages')!
  topic.take(roomChange([20, 21], pageOf(message(9, { changed: 21, deletedAt: 1 }))))
  topic.take(roomChange([21, 22], pageOf(message(8, { changed: 22, body: 'edited' }))))
  topic.takePage(page, { epoch: EPOCH, seq: 20, rows: pageOf(message(8), message(9)), reaches: 8 })
  expect(held(topic)).toEqual(['m10:body 10', 'm8:edited', 'm9:deleted'])
})

test('[F6] replies that come while a page is awaited are laid over it too', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage('messages')!
  topic.besides(EPOCH, pageOf(message(9, { changed: 22, body: 'edited' })))
  topic.takePage(page, { epoch: EPOCH, seq: 20, rows: pageOf(message(9)), reaches: 9 })
  expect(held(topic)).toEqual(['m10:body 10', 'm9:edited'])
})

test('[F6] a page older than the last snapshot is asked for again', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage('messages')!
  topic.take(snapshot(ROOM, 40, { rows: pageOf(message(10)), windows: { messages: 10 } }))
  expect(topic.takePage(page, { epoch: EPOCH, seq: 30, rows: pageOf(message(9)), reaches: 9 })).toBe(false)
  expect(held(topic)).toEqual(['m10:body 10'])
  expect(topic.windows.messages).toBe(10)
})

test('[F6] a page older than the position at which it was asked is asked for again', () => {
  const topic = roomAt(20, 10, message(10))
  topic.take(roomChange([20, 25], pageOf(message(9, { changed: 25, deletedAt: 1 }))))
  const page = topic.awaitPage('messages')!
  expect(topic.takePage(page, { epoch: EPOCH, seq: 22, rows: pageOf(message(9)), reaches: 9 })).toBe(false)
})

test('[F6] a page of another epoch is asked for again', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage('messages')!
  expect(topic.takePage(page, { epoch: 'e0', seq: 90, rows: pageOf(message(9)), reaches: 9 })).toBe(false)
  const across = topic.awaitPage('messages')!
  topic.take(snapshot(ROOM, 5, { epoch: 'e2', rows: pageOf(message(10)), windows: { messages: 10 } }))
  expect(topic.takePage(across, { epoch: 'e2', seq: 30, rows: pageOf(message(9)), reaches: 9 })).toBe(false)
})

test('[F6] a page for a window that has moved is asked for again', () => {
  const topic = roomAt(20, 10, message(10))
  const [first, second] = [topic.awaitPage('messages')!, topic.awaitPage('messages')!]
  const answer = { epoch: EPOCH, seq: 20, rows: pageOf(message(9)), reaches: 9 }
  expect(topic.takePage(first, answer)).toBe(true)
  expect(topic.takePage(second, answer)).toBe(false)
})

test('[F6] a page for what is no longer followed is not taken', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage('messages')!
  topic.clear()
  expect(topic.takePage(page, { epoch: EPOCH, seq: 20, rows: pageOf(message(9)), reaches: 9 })).toBe(false)
  expect(held(topic)).toEqual([])
})

test('[F6] the inbox keeps what is inside any of its windows', () => {
  const topic = new Topic()
  topic.take(snapshot('user:alice', 5, { windows: { unread: 'n2', all: 'n5' } }))
  const rows = {
    notification: [notification('n1', { changed: 6 }), notification('n3', { changed: 6 }), notification('n7', { changed: 6 })],
  }
  topic.take(change('user:alice', [5, 6], rows))
  expect([...topic.rows('notification').keys()]).toEqual(['n3', 'n7'])
})

test('a change tells which rows were not held before', () => {
  const topic = roomAt(5, null, message(1))
  const taken = topic.take(roomChange([5, 6], pageOf(message(1, { changed: 6, body: 'edited' }), message(2, { changed: 6 }))))
  expect(taken.is === 'applied' && taken.fresh.map(({ row }) => row.id)).toEqual(['m2'])
})

test('[F5] what was let go of is gone, and no older state of it comes back beside the stream', () => {
  const topic = new Topic()
  topic.take(snapshot(ROOM, 10, { rows: { message: [1, 2, 3, 4].map((n) => message(n)) } }))
  const edited = message(1, { changed: 11, body: 'edited' })
  topic.take(change(ROOM, [10, 11], { message: [edited] }))
  topic.take(change(ROOM, [11, 12], { message: [message(1, { changed: 12, body: '', deletedAt: 5 })] }))
  expect(topic.letGoOfEarlier(2)).toBe(true)
  expect([...topic.rows('message').keys()]).toEqual(['m3', 'm4'])
  expect(topic.windows).toEqual({ messages: 3 })
  const page = topic.awaitPage('messages')
  expect(topic.takePage(page!, { epoch: EPOCH, seq: 12, rows: { message: [message(2)] }, reaches: null })).toBe(true)
  topic.besides(EPOCH, { message: [edited] })
  expect([...topic.rows('message').keys()]).toEqual(['m3', 'm4', 'm2'])
})
