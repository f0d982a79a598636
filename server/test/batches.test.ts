import type { Message } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import { refusal, World } from './world.ts'

test('[W4] a write that fails in a batch harms no other, and the numbers have no hole', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const results = await Promise.all([
    alice.post('one').then((message) => message.n),
    refusal(world.operates('test.fail', { id: 'tower' })),
    alice.post('two').then((message) => message.n),
    refusal(world.operates('test.refuse', { id: 'tower' })),
    refusal(alice.post('nowhere', { roomId: 'nowhere' })),
    alice.post('three').then((message) => message.n),
  ])
  expect(results).toEqual([1, 'internal', 2, 'stale', 'not-found', 3])
  expect((await world.table('rooms')).map((room) => room.id)).toEqual(['general'])
})

test('[W4] many posts at once are one commit, in the order in which they came, by a handful of statements', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const before = world.store.queue.stats.commits
  const bodies = Array.from({ length: 300 }, (_, at) => `message ${at}`)
  const posted = await Promise.all(bodies.map((body, at) => (at % 2 ? alice : bob).post(body)))
  expect(world.store.queue.stats.commits).toBe(before + 1)
  expect(posted.map((message) => message.n)).toEqual(bodies.map((_, at) => at + 1))
  expect(posted.map((message) => message.changed - posted[0]!.changed)).toEqual(bodies.map((_, at) => at))
  expect(world.announced.at(-1)!.rows.message).toEqual(posted)
})

test('[W4] one post that cannot be stored does not keep its neighbours of the batch form from being stored', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const broken = alice.does<Message>('message.post', { roomId: 'general', body: { toString: null } })
  const results = await Promise.allSettled([alice.post('one'), broken, alice.post('two')])
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect((await world.table('messages')).map((message) => message.n)).toEqual([1, 2])
})
