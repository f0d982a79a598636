import { expect, test } from 'vitest'
import { settles } from './settle.ts'
import { World } from './world.ts'

test('smoke', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const screen = await bob.opens(node)
  await alice.posts('one', 'two')
  await settles()
  expect(screen.bodies('room:general')).toEqual(['one', 'two'])
  console.log(screen.frames.map((f) => JSON.stringify(f).slice(0, 150)), screen.socket.writes)
  expect((await screen.calls('message.post', { roomId: 'general', body: 'three' })).refusal).toBeUndefined()
  screen.socket.leaves()
  await settles()
  expect(node.realtime.connections.size).toBe(0)
  expect(world.failures).toEqual([])
})
