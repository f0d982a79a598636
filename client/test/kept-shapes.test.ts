import { expect, test } from 'vitest'
import { connect, keepInMemory } from '#belfry.ts'
import { keptEntries } from '#kept-entry.ts'
import { newEntry } from '#outbox-entry.ts'
import { topicCopies } from '#topic-copy.ts'
import { EPOCH, FakeNetwork, message, notification, turn, user } from './fake-world.ts'

const post = newEntry(
  { name: 'message.post', input: { roomId: 'general', id: 'p1', body: 'one' } },
  { entryId: 'p1', createdAt: 1, epoch: null },
)

const copy = {
  topic: 'room:general',
  epoch: EPOCH,
  seq: 9,
  windows: { messages: 1 },
  openedAt: 1,
  rows: { message: [message(1)], reaction: [], notification: [notification('n1')], user: [user('bob')], counts: undefined },
}

test.each([
  ['nothing', null],
  ['a list', []],
  ['no id', { ...post, entryId: undefined }],
  ['an unknown command', { ...post, name: 'message.shout' }],
  ['an inherited name', { ...post, name: 'toString' }],
  ['no input', { ...post, input: undefined }],
  ['a wrong input', { ...post, input: { ...post.input, body: 7 } }],
  ['no order', { ...post, order: undefined }],
  ['endless tries', { ...post, tries: 'many' }],
  ['a failure that is no sentence', { ...post, failure: {} }],
])('an entry of another shape is neither shown nor sent: %s', (_name, value) => {
  expect(keptEntries([value, post])).toEqual([post])
})

test.each([
  ['nothing', null],
  ['no position', { ...copy, seq: undefined }],
  ['a position that is none', { ...copy, seq: Number.NaN }],
  ['no epoch', { ...copy, epoch: null }],
  ['no windows', { ...copy, windows: null }],
  ['a window that is none', { ...copy, windows: { messages: {} } }],
  ['no rows', { ...copy, rows: undefined }],
  ['rows that are no list', { ...copy, rows: { ...copy.rows, message: {} } }],
  ['a row that is none', { ...copy, rows: { ...copy.rows, message: [null] } }],
  ['a text that is none', { ...copy, rows: { ...copy.rows, message: [{ ...message(1), body: 7 }] } }],
  ['rows of before there were reactions', { ...copy, rows: { message: [message(1)] } }],
  ['a row of before a field was added', { ...copy, rows: { ...copy.rows, user: [{ ...user('bob'), picture: undefined }] } }],
])('a copy of another shape is not put back: %s', (_name, value) => {
  expect(topicCopies([value, copy])).toEqual([copy])
})

test('damaged copies cost a snapshot, and nothing else', async () => {
  const keep = keepInMemory()
  await keep('alice').putTopics([{ ...copy, rows: { message: [{ ...message(1), body: 7 as never }] } }])
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://x', account: 'alice', rooms: ['general'], keep, world: net.world })
  await turn()
  expect(belfry.room('general').view.get().is).toBe('loading')
  const socket = await net.welcomes()
  expect(socket.frames('hello')[0]?.positions).toEqual([['workspace'], ['user:alice'], ['room:general']])
})
