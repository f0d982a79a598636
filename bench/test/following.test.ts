import type { Change, DownFrame } from '@belfry/protocol/down.ts'
import { expect, test } from 'vitest'
import { stampedBody } from '#load/body.ts'
import { Book } from '#load/book.ts'
import { Following } from '#load/following.ts'

const TOPIC = 'room:general'

const live = (seq: number): DownFrame => ({ t: 'live', topic: TOPIC, epoch: 'e', seq })

const snapshot: DownFrame = { t: 'snapshot', topic: TOPIC, epoch: 'e', seq: 9, rows: {}, windows: {} }

/** A change of so many seqs, with these messages of one sender. */
function change(
  prev: number,
  seq: number,
  { messages = [] as number[], part }: { messages?: number[]; part?: [number, number] } = {},
): Change {
  const message = messages.map((n) => ({ n, body: stampedBody({ sender: 0, number: n, sentAt: 0 }) }))
  return { t: 'change', topic: TOPIC, prev, seq, rows: { message } as Change['rows'], ...(part && { part }) }
}

function followingFrom(seq: number, book = new Book()): Following {
  const following = new Following('general', book)
  expect(following.begin()).toEqual([[TOPIC]])
  following.take({ ...snapshot, seq } as DownFrame)
  following.take(live(seq))
  return following
}

test('a follower goes on from where it stands, and half a change is told again', () => {
  const following = followingFrom(9)
  following.take(change(9, 10, { messages: [1] }))
  following.take(change(10, 12, { messages: [2], part: [0, 2] }))
  expect(following).toMatchObject({ told: 1 })
  expect(following.begin()).toEqual([[TOPIC, 'e', 10]])
  following.take(change(10, 13, { messages: [2, 3], part: [0, 2] }))
  following.take(change(10, 13, { messages: [4], part: [1, 2] }))
  following.take(live(13))
  expect(following).toMatchObject({ told: 4 })
})

test.each<[string, DownFrame[], string]>([
  ['a message is missing', [change(9, 10, { messages: [2] })], 'After message 0 of the room a follower was told 2'],
  [
    'one comes twice',
    [change(9, 10, { messages: [1] }), change(10, 11, { messages: [1] })],
    'After message 1 of the room a follower was told 1',
  ],
  ['a change is missing', [change(10, 11)], 'stands at 9, and was told of a change after 10'],
  ['one is told again', [change(9, 10), change(9, 10)], 'stands at 10, and was told of a change after 9'],
  ['it is live without what it missed', [live(11)], 'stands at 9 was told that it is live at 11'],
  ['all is begun anew', [snapshot], 'a snapshot in place of what it had missed'],
  ['it may not follow any more', [{ t: 'unfollowed', topic: TOPIC, reason: 'not-found' }], 'does not let it follow'],
])('a run fails where %s', (_what, frames, reason) => {
  const following = followingFrom(9)
  expect(() => frames.forEach((frame) => following.take(frame))).toThrow(reason)
})

test('a run fails where followers are told different things', () => {
  const book = new Book()
  followingFrom(9, book).take(change(9, 10, { messages: [1] }))
  const other = { ...change(9, 10), rows: { message: [{ n: 1, body: stampedBody({ sender: 1, number: 1, sentAt: 0 }) }] } } as Change
  expect(() => followingFrom(9, book).take(other)).toThrow('Message 1 of the room is not the same for everybody')
})

test("a run fails where a sender's messages are not in order", () => {
  const body = (number: number) => stampedBody({ sender: 7, number, sentAt: 0 })
  const book = new Book()
  book.take(1, body(1))
  expect(() => book.take(2, body(3))).toThrow('After message 1 of sender 7 came 3')
})
