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

function earlier(topic: Topic) {
  return { is: 'earlier', than: topic.shown!.from } as const
}

function later(topic: Topic) {
  return { is: 'later', than: topic.shown!.to } as const
}

const ELSEWHERE = { is: 'elsewhere' } as const

function messages(from: number, to: number): ReturnType<typeof message>[] {
  return Array.from({ length: to - from + 1 }, (_, at) => message(from + at))
}

/** The newest of 100 messages, and 40–45 apart from them. */
function apart(): Topic {
  const topic = roomAt(100, 95, ...messages(95, 100))
  const page = topic.awaitPage(ELSEWHERE)!
  topic.takePage(page, { epoch: EPOCH, seq: 100, rows: pageOf(...messages(40, 45)), span: { from: 40, to: 45 } })
  return topic
}

function numbers(topic: Topic): number[] {
  return [...topic.rows('message').values()].map(({ n }) => n).toSorted((a, b) => a - b)
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
  expect(topic.latest).toBe(2)
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
  expect(topic.latest).toBe(10)
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
  const page = topic.awaitPage(earlier(topic))!
  expect(topic.takePage(page, { epoch: EPOCH, seq: 20, rows: pageOf(message(8), message(9)), span: { from: 8, to: 9 } })).toBe(true)
  expect(held(topic)).toEqual(['m10:body 10', 'm8:body 8', 'm9:body 9'])
  expect(topic.latest).toBe(8)
})

test('[F6] changes that come while a page is awaited are laid over it', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage(earlier(topic))!
  topic.take(roomChange([20, 21], pageOf(message(9, { changed: 21, deletedAt: 1 }))))
  topic.take(roomChange([21, 22], pageOf(message(8, { changed: 22, body: 'edited' }))))
  topic.takePage(page, { epoch: EPOCH, seq: 20, rows: pageOf(message(8), message(9)), span: { from: 8, to: 9 } })
  expect(held(topic)).toEqual(['m10:body 10', 'm8:edited', 'm9:deleted'])
})

test('[F6] replies that come while a page is awaited are laid over it too', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage(earlier(topic))!
  topic.besides(EPOCH, pageOf(message(9, { changed: 22, body: 'edited' })))
  topic.takePage(page, { epoch: EPOCH, seq: 20, rows: pageOf(message(9)), span: { from: 9, to: 9 } })
  expect(held(topic)).toEqual(['m10:body 10', 'm9:edited'])
})

test('[F6] a page older than the last snapshot is asked for again', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage(earlier(topic))!
  topic.take(snapshot(ROOM, 40, { rows: pageOf(message(10)), windows: { messages: 10 } }))
  expect(topic.takePage(page, { epoch: EPOCH, seq: 30, rows: pageOf(message(9)), span: { from: 9, to: 9 } })).toBe(false)
  expect(held(topic)).toEqual(['m10:body 10'])
  expect(topic.latest).toBe(10)
})

test('[F6] a page older than the position at which it was asked is asked for again', () => {
  const topic = roomAt(20, 10, message(10))
  topic.take(roomChange([20, 25], pageOf(message(9, { changed: 25, deletedAt: 1 }))))
  const page = topic.awaitPage(earlier(topic))!
  expect(topic.takePage(page, { epoch: EPOCH, seq: 22, rows: pageOf(message(9)), span: { from: 9, to: 9 } })).toBe(false)
})

test('[F6] a page of another epoch is asked for again', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage(earlier(topic))!
  expect(topic.takePage(page, { epoch: 'e0', seq: 90, rows: pageOf(message(9)), span: { from: 9, to: 9 } })).toBe(false)
  const across = topic.awaitPage(earlier(topic))!
  topic.take(snapshot(ROOM, 5, { epoch: 'e2', rows: pageOf(message(10)), windows: { messages: 10 } }))
  expect(topic.takePage(across, { epoch: 'e2', seq: 30, rows: pageOf(message(9)), span: { from: 9, to: 9 } })).toBe(false)
})

test('[F6] a page for a window that has moved is asked for again', () => {
  const topic = roomAt(20, 10, message(10))
  const [first, second] = [topic.awaitPage(earlier(topic))!, topic.awaitPage(earlier(topic))!]
  const answer = { epoch: EPOCH, seq: 20, rows: pageOf(message(9)), span: { from: 9, to: 9 } }
  expect(topic.takePage(first, answer)).toBe(true)
  expect(topic.takePage(second, answer)).toBe(false)
})

test('[F6] a page for what is no longer followed is not taken', () => {
  const topic = roomAt(20, 10, message(10))
  const page = topic.awaitPage(earlier(topic))!
  topic.clear()
  expect(topic.takePage(page, { epoch: EPOCH, seq: 20, rows: pageOf(message(9)), span: { from: 9, to: 9 } })).toBe(false)
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
  topic.take(snapshot(ROOM, 10, { rows: { message: messages(1, 4) } }))
  const edited = message(1, { changed: 11, body: 'edited' })
  topic.take(change(ROOM, [10, 11], { message: [edited] }))
  topic.take(change(ROOM, [11, 12], { message: [message(1, { changed: 12, body: '', deletedAt: 5 })] }))
  topic.letGo({ near: null, shown: 2, latest: 1 })
  expect(numbers(topic)).toEqual([3, 4])
  expect(topic.latest).toBe(3)
  const page = topic.awaitPage(earlier(topic))
  expect(topic.takePage(page!, { epoch: EPOCH, seq: 12, rows: { message: [message(2)] }, span: { from: 1, to: 2 } })).toBe(true)
  topic.besides(EPOCH, { message: [edited] })
  expect(numbers(topic)).toEqual([2, 3, 4])
})

test('[F5] a range apart from the newest is held completely: what changes in it is taken, and what is posted enters the newest alone', () => {
  const topic = apart()
  expect(topic.shown).toEqual({ from: 40, to: 45 })
  topic.take(roomChange([100, 101], pageOf(message(42, { changed: 101, deletedAt: 1 }))))
  topic.take(roomChange([101, 102], pageOf(message(101, { changed: 102 }), message(43, { changed: 102, body: 'edited' }))))
  expect(topic.rows('message').get('m42')?.deletedAt).toBe(1)
  expect(topic.rows('message').get('m43')?.body).toBe('edited')
  expect(numbers(topic)).toEqual([40, 41, 42, 43, 44, 45, 95, 96, 97, 98, 99, 100, 101])
  expect(topic.shown).toEqual({ from: 40, to: 45 })
})

test('[F6] rows between the range and the newest, or below both, are not kept and widen nothing', () => {
  const topic = apart()
  const strays = [39, 46, 94].map((n) => message(n, { changed: 101 }))
  topic.take(roomChange([100, 101], pageOf(...strays)))
  topic.besides(EPOCH, pageOf(...strays.map((row) => ({ ...row, changed: 102 }))))
  expect(numbers(topic)).toEqual([40, 41, 42, 43, 44, 45, 95, 96, 97, 98, 99, 100])
  expect([topic.shown, topic.latest]).toEqual([{ from: 40, to: 45 }, 95])
})

test('[F6] pages join the range at either end, and at the newest all becomes one', () => {
  const topic = apart()
  const before = topic.awaitPage(earlier(topic))!
  topic.takePage(before, { epoch: EPOCH, seq: 100, rows: pageOf(...messages(30, 39)), span: { from: 30, to: 39 } })
  expect(topic.shown).toEqual({ from: 30, to: 45 })
  const after = topic.awaitPage(later(topic))!
  topic.takePage(after, { epoch: EPOCH, seq: 100, rows: pageOf(...messages(46, 94)), span: { from: 46, to: 94 } })
  expect([topic.shown, topic.latest]).toEqual([{ from: 30, to: Infinity }, 30])
  expect(numbers(topic)).toEqual(messages(30, 100).map(({ n }) => n))
})

test('[F6] what changes in the messages that are awaited elsewhere is laid over them, in the order of the rows', () => {
  const topic = roomAt(100, 95, ...messages(95, 100))
  const page = topic.awaitPage(ELSEWHERE)!
  topic.take(roomChange([100, 101], pageOf(message(41, { changed: 101, body: 'edited' }))))
  topic.takePage(page, { epoch: EPOCH, seq: 100, rows: pageOf(...messages(40, 42)), span: { from: 40, to: 42 } })
  expect(topic.rows('message').get('m41')?.body).toBe('edited')
})

test('[F6] a page for an end of the range that has moved is asked for again', () => {
  const topic = apart()
  const [first, second] = [topic.awaitPage(later(topic))!, topic.awaitPage(later(topic))!]
  const answer = { epoch: EPOCH, seq: 100, rows: pageOf(message(46)), span: { from: 46, to: 46 } }
  expect(topic.takePage(first, answer)).toBe(true)
  expect(topic.takePage(second, answer)).toBe(false)
  const before = topic.awaitPage(earlier(topic))!
  topic.showLatest()
  expect(topic.takePage(before, { epoch: EPOCH, seq: 100, rows: pageOf(message(39)), span: { from: 39, to: 39 } })).toBe(false)
})

test('[F5] whoever jumps elsewhere lets go of where they were', () => {
  const topic = apart()
  const page = topic.awaitPage(ELSEWHERE)!
  topic.takePage(page, { epoch: EPOCH, seq: 100, rows: pageOf(...messages(10, 12)), span: { from: 10, to: 12 } })
  expect(numbers(topic)).toEqual([10, 11, 12, 95, 96, 97, 98, 99, 100])
  topic.showLatest()
  expect(numbers(topic)).toEqual([95, 96, 97, 98, 99, 100])
  expect(topic.shown).toEqual({ from: 95, to: Infinity })
})

test('[F3] a snapshot drops the range', () => {
  const topic = apart()
  topic.take(snapshot(ROOM, 200, { rows: pageOf(...messages(150, 152)), windows: { messages: 150 } }))
  expect(numbers(topic)).toEqual([150, 151, 152])
  expect(topic.shown).toEqual({ from: 150, to: Infinity })
})

test('[F5] what is far from the reader is let go of on both sides; the newest are kept apart', () => {
  const topic = roomAt(100, null, ...messages(1, 100))
  topic.letGo({ near: 50, shown: 20, latest: 5 })
  expect(topic.shown).toEqual({ from: 40, to: 59 })
  expect(numbers(topic)).toEqual([...messages(40, 59), ...messages(96, 100)].map(({ n }) => n))
  topic.letGo({ near: 41, shown: 10, latest: 2 })
  expect(topic.shown).toEqual({ from: 40, to: 49 })
  expect(topic.latest).toBe(99)
})

test('[F5] near an end of the history that end is kept', () => {
  const beginning = roomAt(100, null, ...messages(1, 100))
  beginning.letGo({ near: 3, shown: 20, latest: 5 })
  expect(beginning.shown).toEqual({ from: 1, to: 20 })
  const end = roomAt(100, null, ...messages(1, 100))
  end.letGo({ near: 95, shown: 20, latest: 5 })
  expect(end.shown).toEqual({ from: 81, to: Infinity })
  const touching = roomAt(100, null, ...messages(1, 100))
  touching.letGo({ near: 86, shown: 20, latest: 5 })
  expect(touching.shown, 'no message lies between what is kept and the newest').toEqual({ from: 76, to: Infinity })
})

test('[F5] where one message is missing, two parts are not one; with it they are', () => {
  const topic = apart()
  const page = topic.awaitPage(later(topic))!
  topic.takePage(page, { epoch: EPOCH, seq: 100, rows: pageOf(...messages(46, 93)), span: { from: 46, to: 93 } })
  expect(topic.shown).toEqual({ from: 40, to: 93 })
  const last = topic.awaitPage(later(topic))!
  topic.takePage(last, { epoch: EPOCH, seq: 100, rows: pageOf(message(94)), span: { from: 94, to: 94 } })
  expect(topic.shown).toEqual({ from: 40, to: Infinity })
})

test('[F5] a page from among the newest takes nothing away from them', () => {
  const topic = roomAt(100, 50, ...messages(50, 100))
  const page = topic.awaitPage(ELSEWHERE)!
  topic.takePage(page, { epoch: EPOCH, seq: 100, rows: pageOf(...messages(90, 100)), span: { from: 90, to: 100 } })
  expect(topic.shown).toEqual({ from: 50, to: Infinity })
  expect(numbers(topic)).toHaveLength(51)
})
