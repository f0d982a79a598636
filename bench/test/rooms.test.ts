import { expect, test } from 'vitest'
import { stampedBody } from '#load/body.ts'
import { clientFrame } from '#load/frames.ts'
import { Rooms } from '#load/rooms.ts'
import { Streams } from '#load/streams.ts'

const MASK_BYTES = 4

/** What a server sends: one message, whose text is its body. */
function frame(sender: number, number: number): Buffer {
  const masked = clientFrame(stampedBody({ sender, number, sentAt: 0 }))
  masked[1]! &= 0x7f
  return Buffer.concat([masked.subarray(0, 2), masked.subarray(2 + MASK_BYTES)])
}

function roomsOf(count: number): Rooms {
  return new Rooms(Array.from({ length: count }, () => new Streams(1, () => (text) => [text])))
}

test('rooms are counted together, and each has messages of its own', () => {
  const rooms = roomsOf(2)
  const [first, other] = [rooms.add(0, 0), rooms.add(1, 0)]
  let complete = 0
  rooms.onComplete = (messages) => (complete += messages)
  first(frame(0, 1))
  other(frame(1, 1))
  other(frame(1, 2))
  expect(rooms).toMatchObject({ deliveries: 3, messages: 3, complete: 3, bytes: 3 * frame(0, 1).length })
  expect(complete).toBe(3)
  expect(() => rooms.requireAll([1, 2])).not.toThrow()
  expect(() => rooms.requireAll([2, 1])).toThrow('2 messages were posted, but 1 were received')
})

test('delays at the receivers of all rooms stand together', () => {
  const rooms = roomsOf(2)
  const receive = [rooms.add(0, 0), rooms.add(0, 0), rooms.add(1, 0)]
  const delays: number[] = []
  rooms.delays = delays
  for (const [at, one] of receive.entries()) one(frame(at < 2 ? 0 : 1, 1))
  expect(delays).toHaveLength(3)
})
