import { expect, test } from 'vitest'
import { connect, forgetAccount, memoryStorage } from '#belfry.ts'
import { KeptOutbox } from '#kept-outbox.ts'
import type { OutboxCommand } from '#outbox-entry.ts'
import { newEntry } from '#outbox-entry.ts'
import { FakeNetwork } from './fake-world.ts'

const post = entry('p1', { name: 'message.post', input: { roomId: 'general', id: 'p1', body: 'one' } })

function entry(entryId: string, command: OutboxCommand) {
  return newEntry(command, { entryId, order: 1, createdAt: 1, epoch: null })
}

const COMMANDS: OutboxCommand[] = [
  { name: 'message.post', input: { roomId: 'general', id: 'x', body: 'one' } },
  { name: 'message.edit', input: { roomId: 'general', id: 'm1', body: 'uno', changed: 4 } },
  { name: 'message.delete', input: { roomId: 'general', id: 'm1' } },
  { name: 'notification.mark', input: { id: 'n1', read: true } },
  { name: 'notification.mark', input: { id: 'n1', archived: false } },
  { name: 'notification.mark-all', input: { epoch: 'e1', upTo: 10, set: { seen: true } } },
  { name: 'notification.delete', input: { id: 'n1' } },
]

test.each(COMMANDS.map((command) => [command.name, command] as const))('a kept %s is found again as it was', (_name, command) => {
  const storage = memoryStorage()
  new KeptOutbox(storage, 'alice').keep(entry('x', command))
  expect(new KeptOutbox(storage, 'alice').read()).toEqual([entry('x', command)])
})

test('what is kept comes back in the order of storing', () => {
  const kept = new KeptOutbox(memoryStorage(), 'alice')
  for (const [entryId, order] of [
    ['b', 2],
    ['c', 1],
    ['a', 2],
  ] as const)
    kept.keep({ ...post, entryId, order })
  expect(kept.read().map(({ entryId }) => entryId)).toEqual(['c', 'a', 'b'])
})

test.each([
  ['nothing', null],
  ['a list', []],
  ['another id', { ...post, entryId: 'p2' }],
  ['an unknown command', { ...post, name: 'message.shout' }],
  ['an inherited name', { ...post, name: 'toString' }],
  ['no input', { ...post, input: undefined }],
  ['a wrong input', { ...post, input: { ...post.input, body: 7 } }],
  ['no order', { ...post, order: undefined }],
  ['endless tries', { ...post, tries: 'many' }],
  ['a failure that is no sentence', { ...post, failure: {} }],
])('what has another shape is neither shown nor sent: %s', async (_name, value) => {
  const storage = memoryStorage()
  storage.setItem('belfry:alice:outbox:p1', JSON.stringify(value))
  storage.setItem('belfry:alice:outbox:cut', '{"entryId":"cu')
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://x', account: 'alice', storage, world: net.world })
  expect(belfry.room('general').view.get().items).toEqual([])
  const socket = await net.welcomes()
  expect(socket.calls()).toEqual([])
})

test('forgetting an account deletes all of it and nothing of another', () => {
  const storage = memoryStorage()
  for (const userId of ['alice', 'bob']) new KeptOutbox(storage, userId).keep(post)
  storage.setItem('belfry:alice:draft:general', 'half a word')
  forgetAccount(storage, 'alice')
  expect(Array.from({ length: storage.length! }, (_, at) => storage.key!(at))).toEqual(['belfry:bob:outbox:p1'])
})
