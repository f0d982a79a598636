import { expect, test } from 'vitest'
import { copyOf } from '#topic-copy.ts'
import { Topic } from '#topic.ts'
import { EPOCH, message, snapshot } from './fake-world.ts'

function numbered(from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, at) => message(from + at))
}

const about = { openedAt: 1, authors: new Set<string>() }

test('[F5] a part of the history that is apart from the newest is not kept: there would be a hole', () => {
  const topic = new Topic()
  topic.take(snapshot('room:general', 2_000, { rows: { message: numbered(1_000, 1_149) }, windows: { messages: 1_000 } }))
  const page = topic.awaitPage({ is: 'elsewhere' })!
  topic.takePage(page, { epoch: EPOCH, seq: 2_000, rows: { message: numbered(1, 100) }, span: { from: 1, to: 100 } })
  const copy = copyOf('room:general', topic, about)
  expect(copy?.rows.message).toEqual(numbered(1_000, 1_149))
  expect(copy?.windows).toEqual({ messages: 1_000 })
})

test('[F5] a room that is held whole is kept as whole', () => {
  const topic = new Topic()
  topic.take(snapshot('room:general', 2, { rows: { message: [message(1), message(2)] } }))
  expect(copyOf('room:general', topic, about)?.windows).toEqual({ messages: null })
})

test('nothing is kept of what is not held', () => {
  expect(copyOf('room:general', new Topic(), about)).toBeNull()
})
