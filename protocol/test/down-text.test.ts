import { expect, test } from 'vitest'
import { type Change, type DownFrame, downFrame, type Snapshot } from '@belfry/protocol/down.ts'
import { downFrameIn, downText } from '@belfry/protocol/down-text.ts'
import type { Message } from '@belfry/protocol/rows.ts'

const PLAIN: Message = {
  id: '0197f3a0-0000-7000-8000-000000000001',
  roomId: 'general',
  n: 7,
  changed: 9,
  authorId: 'bob',
  body: 'Good morning',
  replyTo: null,
  names: {},
  createdAt: 1_764_000_000_000,
  editedAt: null,
  deletedAt: null,
}
const FULL: Message = { ...PLAIN, replyTo: 'another', names: { alice: 'alice-id' }, editedAt: 0, deletedAt: 5 }

const change: Change = { t: 'change', topic: 'room:general', prev: 8, seq: 9, rows: { message: [PLAIN, FULL] } }
const snapshot: Snapshot = {
  t: 'snapshot',
  topic: 'room:general',
  epoch: 'e',
  seq: 9,
  rows: { message: [PLAIN] },
  windows: { messages: 1 },
}
const others: DownFrame[] = [
  {
    t: 'change',
    topic: 'user:bob',
    prev: 1,
    seq: 2,
    rows: { block: [{ id: 'carol', changed: 2, createdAt: 1, endedAt: null }] },
    part: [0, 2],
  },
  { t: 'bump', topic: 'room:general', prev: 1, seq: 1, messages: [], rows: {} },
  { t: 'reply', id: 3, result: PLAIN },
  { t: 'pong' },
]

test.each([change, snapshot, ...others])('what is read of a frame that was sent is that frame: $t', (frame) => {
  const text = downText(frame)
  expect(downFrameIn(text)).toEqual(frame)
  expect(downFrame.parse(JSON.parse(text))).toEqual(JSON.parse(text))
})

test('of a message a frame says what its topic does not, and what there is', () => {
  const { id, n, changed, authorId, body, createdAt } = PLAIN
  const { roomId: _, ...full } = FULL
  const messages = [{ id, n, changed, authorId, body, createdAt }, full]
  expect(JSON.parse(downText(change))).toEqual({ ...change, rows: { message: messages } })
})
