import { expect, test } from 'vitest'
import { copyOf } from '#topic-copy.ts'
import { Topic } from '#topic.ts'
import { EPOCH, message, snapshot } from './fake-world.ts'

const about = { openedAt: 1, authors: new Set<string>() }

test('[F5] a part of the history that is apart from the newest is not kept: there would be a hole', () => {
  const topic = new Topic()
  topic.take(snapshot('room:general', 100, { rows: { message: [message(90), message(91)] }, windows: { messages: 90 } }))
  const page = topic.awaitPage({ is: 'elsewhere' })!
  topic.takePage(page, { epoch: EPOCH, seq: 100, rows: { message: [message(5), message(6)] }, span: { from: 5, to: 6 } })
  const copy = copyOf('room:general', topic, about)
  expect(copy?.rows.message?.map(({ n }) => n)).toEqual([90, 91])
  expect(copy?.windows).toEqual({ messages: 90 })
})

test('[F5] a room that is held whole is kept as whole', () => {
  const topic = new Topic()
  topic.take(snapshot('room:general', 2, { rows: { message: [message(1), message(2)] } }))
  expect(copyOf('room:general', topic, about)?.windows).toEqual({ messages: null })
})

test('nothing is kept of what is not held', () => {
  expect(copyOf('room:general', new Topic(), about)).toBeNull()
})
