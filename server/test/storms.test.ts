import { CLOSE } from '@belfry/protocol/close-codes.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Screen } from './screen.ts'
import { settles } from './settle.ts'
import type { TestNode } from './test-node.ts'
import { type Person, World } from './world.ts'

/** Many who come, or are sent away, at once. */

const GENERAL = 'room:general'
/** One every 20 ms. */
const ONE_A_PORTION = { handshakesPerSecond: 50 }

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

async function passes(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms)
  await settles()
}

function comes({ device }: Person, { server }: TestNode): Screen {
  const screen = new Screen(server)
  screen.socket.sends({ t: 'hello', v: PROTOCOL_VERSION, token: device.token, positions: [[GENERAL]] })
  return screen
}

const isWelcome = (screen: Screen) => screen.told('welcome').length === 1

test('[P4] who comes while many do stands in line, and who is there is served meanwhile', async () => {
  await using world = await World.open(ONE_A_PORTION)
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const hers = comes(alice, node)
  await settles()
  const storm = Array.from({ length: 4 }, () => comes(bob, node))
  await settles()
  expect(storm.map(isWelcome)).toEqual([false, false, false, false])
  await passes(20)
  await alice.post('in the middle of it')
  await settles()
  expect(hers.bodies(GENERAL)).toEqual(['in the middle of it'])
  expect(storm.map(isWelcome)).toEqual([true, false, false, false])
  // Whoever goes away while they wait is not looked up.
  storm[1]!.socket.cuts()
  await settles()
  for (let at = 0; at < 3; at++) await passes(20)
  expect(storm.map(isWelcome)).toEqual([true, false, true, true])
  expect(storm[3]!.bodies(GENERAL)).toEqual(['in the middle of it'])
})

test('[P4] where the line is too long one is told to come again, by socket and by stream', async () => {
  await using world = await World.open({ handshakesPerSecond: 1 })
  const alice = await world.person('alice')
  const node = world.opensNode()
  const [first, ...others] = Array.from({ length: 5 }, () => comes(alice, node))
  await settles()
  expect(isWelcome(first!)).toBe(true)
  expect(others.map(({ socket }) => socket.closed?.code)).toEqual([undefined, undefined, undefined, CLOSE.failed])
  const answer = await node.answers({ method: 'GET', url: '/api/v1/stream', headers: { authorization: `Bearer ${alice.device.token}` } })
  expect(answer).toMatchObject({ statusCode: 503 })
})

test('[P5] a node with others beside it sends its clients to them slice by slice, and serves the rest meanwhile', async () => {
  await using world = await World.open()
  const people = await world.people('alice', 'bob', 'carol')
  const [node, other] = [world.opensNode(), world.opensNode()]
  const screens = people.map((person) => comes(person, node))
  await settles()
  const over = node.realtime.handOver(2_000)
  await settles()
  expect(screens.map(({ socket }) => socket.closed?.code)).toEqual([CLOSE['shutting-down'], undefined, undefined])
  expect(screens[0]!.told('drain')).toEqual([{ t: 'drain', withinMs: 100 }])

  const late = new Screen(node.server)
  await settles()
  expect(late.socket.head).toContain('503')
  const returned = comes(people[0], other)
  const posted = await screens[2]!.calls('message.post', { roomId: 'general', body: 'served to the end' })
  expect(posted.refusal).toBeUndefined()
  await settles()
  expect(returned.bodies(GENERAL)).toEqual(['served to the end'])

  await passes(100)
  await passes(100)
  expect(screens.every(({ socket }) => socket.closed?.code === CLOSE['shutting-down'])).toBe(true)
  for (let slice = 0; slice < 20; slice++) await passes(100)
  await over
  expect(node.realtime.connections.size).toBe(0)
})

test.each([
  ['looks up', 'room.list', {}],
  ['writes', 'message.post', { roomId: 'general', body: 'the last' }],
])('[P5] [W2] what a client %s is answered before it is sent away', async (_what, name, input) => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const node = world.opensNode()
  const screen = comes(alice, node)
  await settles()
  const held = Promise.withResolvers<void>()
  const { read, write } = world.store
  vi.spyOn(world.store, 'read').mockImplementation(async (look) => held.promise.then(() => read(look)))
  vi.spyOn(world.store, 'write').mockImplementation(async (one) => held.promise.then(() => write(one)))
  const asked = screen.calls(name, input)
  await settles()
  const over = node.realtime.handOver(2_000)
  await settles()
  expect(screen.socket.closed).toBeNull()
  held.resolve()
  expect((await asked).result).toBeDefined()
  await settles()
  expect(screen.socket.closed?.code).toBe(CLOSE['shutting-down'])
  for (let slice = 0; slice < 20; slice++) await passes(100)
  await over
})

test('[F2] those who come back at once are looked up at once, and each gets what they missed', async () => {
  await using world = await World.open()
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const node = world.opensNode()
  const people = [alice, bob, carol]
  const before = people.map((person) => comes(person, node))
  await settles()
  await alice.post('all have this')
  await settles()
  const all = before[0]!.position(GENERAL)!
  before[0]!.socket.cuts()
  before[1]!.socket.cuts()
  await settles()
  await alice.post('two were away')
  await settles()
  const reads = vi.spyOn(world.store, 'read')
  const [hers, his] = [alice, bob].map((person) => comesBack(person, node, all))
  await settles()
  // Who they are, their own topics, General, and what they watch: a look for both each time.
  expect(reads.mock.calls.length).toBe(4)
  expect([hers, his].map((screen) => screen!.told('change', GENERAL).map(({ prev, seq }) => [prev, seq]))).toEqual([
    [[all.seq, all.seq + 1]],
    [[all.seq, all.seq + 1]],
  ])
  const still = comesBack(carol, node, before[2]!.position(GENERAL)!)
  await settles()
  expect(still.told('change', GENERAL)).toEqual([])
  expect(still.told('live', GENERAL)).toHaveLength(1)
})

function comesBack({ device }: Person, { server }: TestNode, { epoch, seq }: { epoch: string; seq: number }): Screen {
  const screen = new Screen(server)
  screen.socket.sends({ t: 'hello', v: PROTOCOL_VERSION, token: device.token, positions: [[GENERAL, epoch, seq]] })
  return screen
}
