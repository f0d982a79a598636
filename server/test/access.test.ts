import { expect, test } from 'vitest'
import { HostileBus } from './hostile-bus.ts'
import { settles, until } from './settle.ts'
import { type Person, World } from './world.ts'

const CELLAR = 'room:cellar'

async function closedRoom(options: { bus?: HostileBus } = {}) {
  const world = await World.open(options)
  const [alice, bob] = await world.people('alice', 'bob')
  await world.operates('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
  const moves = (person: Person, is: 'in' | 'out') => world.operates('test.member', { roomId: 'cellar', userId: person.id, is })
  await moves(alice, 'in')
  await moves(bob, 'in')
  const node = world.opensNode()
  return { world, alice, bob, moves, node, screen: await bob.opens(node, [[CELLAR]]), hers: await alice.opens(node, [[CELLAR]]) }
}

test('[A1] a closed room is its members’, an open one everybody’s', async () => {
  const { world, node } = await closedRoom()
  await using _ = world
  const carol = await world.person('carol')
  const screen = await carol.opens(node)
  expect((await screen.follows(CELLAR)).refusal?.code).toBe('not-found')
  expect(screen.told('unfollowed')).toEqual([{ t: 'unfollowed', topic: CELLAR, reason: 'not-found' }])
  expect((await screen.follows('room:general')).refusal).toBeUndefined()
  expect((await screen.calls('message.list', { roomId: 'cellar' })).refusal?.code).toBe('not-found')
})

test('[A2] a removed member gets unfollowed instead of that change, and nothing after it; the others get both', async () => {
  const { world, alice, bob, moves, screen, hers } = await closedRoom()
  await using _ = world
  await alice.post('before', { roomId: 'cellar' })
  await moves(bob, 'out')
  await alice.post('after', { roomId: 'cellar' })
  await settles()
  expect(screen.frames.at(-1)).toEqual({ t: 'unfollowed', topic: CELLAR, reason: 'not-found' })
  expect(JSON.stringify(screen.frames)).not.toContain('after')
  expect(screen.rows(CELLAR, 'message')).toEqual([])
  expect(hers.bodies(CELLAR)).toEqual(['before', 'after'])
  expect(screen.socket.closed).toBeNull()
})

test('[A2] a room that is closed stops those who are no members', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  await world.operates('test.room', { id: 'tower', name: 'Tower', kind: 'open' })
  await world.operates('test.member', { roomId: 'tower', userId: alice.id, is: 'in' })
  const node = world.opensNode()
  const [screen, hers] = [await bob.opens(node, [['room:tower']]), await alice.opens(node, [['room:tower']])]
  await world.operates('test.room', { id: 'tower', name: 'Secret', kind: 'closed' })
  await settles()
  expect(JSON.stringify(screen.frames)).not.toContain('Secret')
  expect(screen.told('unfollowed', 'room:tower')).toHaveLength(1)
  expect(hers.rows('room:tower', 'room')).toMatchObject([{ name: 'Secret' }])
})

test('[A2] when the announcement was lost, the barrier stands at the next look at the database', async () => {
  const bus = new HostileBus()
  const { world, alice, bob, moves, screen } = await closedRoom({ bus })
  await using _ = world
  bus.fateOf = () => 'lost'
  await moves(bob, 'out')
  bus.fateOf = () => 'passes'
  await alice.post('after', { roomId: 'cellar' })
  await settles()
  expect(JSON.stringify(screen.frames)).not.toContain('after')
  expect(screen.told('unfollowed', CELLAR)).toHaveLength(1)
})

test('[A2] removed and let in again: an old end does not stop who joined after it', async () => {
  const bus = new HostileBus()
  const { world, alice, bob, moves, screen } = await closedRoom({ bus })
  await using _ = world
  bus.fateOf = () => 'held'
  await moves(bob, 'out')
  await moves(bob, 'in')
  bus.releases()
  await settles()
  expect(screen.told('unfollowed')).toEqual([])
  expect((await screen.follows(CELLAR)).refusal).toBeUndefined()
  bus.fateOf = () => 'passes'
  await alice.post('welcome back', { roomId: 'cellar' })
  await settles()
  expect(screen.bodies(CELLAR)).toEqual(['welcome back'])
})

test('[A2] [P3] a follower who fell behind comes back through a join that asks again', async () => {
  const { world, alice, bob, moves, node, screen } = await closedRoom()
  await using _ = world
  const [his] = node.realtime.connections.all()
  screen.socket.stalls()
  await alice.floods('cellar', () => his!.behind.has(CELLAR))
  await moves(bob, 'out')
  await alice.post('a secret', { roomId: 'cellar' })
  screen.socket.readsAgain()
  await until(() => screen.told('unfollowed', CELLAR).length > 0)
  await settles()
  expect(JSON.stringify(screen.frames)).not.toContain('a secret')
})

test('[A4] signing out closes that device’s connections with a code that says stop, and no other’s', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const other = alice.onAnotherDevice(await world.signsIn(alice.id))
  const screens = [await alice.opens(node), await other.opens(node), await bob.opens(node)]
  await alice.signsOut()
  await settles()
  expect(screens.map((screen) => screen.socket.closed?.code)).toEqual([4502, undefined, undefined])
  expect(node.realtime.connections.size).toBe(2)
})

test('[A4] disabling an account, or a new password, closes all its connections, and none opens again', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const [hers, his] = [await alice.opens(node), await bob.opens(node)]
  await world.disables(alice)
  await world.operates('user.set-password', { id: bob.id, passwordHash: 'new' })
  await settles()
  expect([hers, his].map((screen) => screen.socket.closed?.code)).toEqual([4502, 4502])
  expect((await alice.opens(node)).socket.closed?.code).toBe(4501)
  expect((await bob.opens(node)).socket.closed?.code).toBe(4501)
})

test('[A4] when the announcement was lost, the connection closes at the next sweep', async () => {
  const bus = new HostileBus()
  await using world = await World.open({ bus })
  const alice = await world.person('alice')
  const node = world.opensNode()
  const screen = await alice.opens(node, [])
  bus.fateOf = () => 'lost'
  await alice.signsOut()
  await settles()
  expect(screen.socket.closed).toBeNull()
  expect((await screen.calls('message.post', { roomId: 'general', body: 'late' })).refusal?.code).toBe('unauthenticated')
  expect((await screen.calls('me.get', {})).refusal?.code).toBe('unauthenticated')
  await node.realtime.feeds.sweep()
  await until(() => screen.socket.closed !== null)
  expect(screen.socket.closed?.code).toBe(4502)
})

test('[A4] one’s own topic cannot be left: it carries the session’s end', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const screen = await alice.opens(world.opensNode(), [[alice.topic]])
  screen.sends({ t: 'unfollow', topic: alice.topic })
  await alice.signsOut()
  await until(() => screen.socket.closed !== null)
})
