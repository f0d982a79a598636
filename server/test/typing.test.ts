import { PassThrough } from 'node:stream'
import type { DownSignal } from '@belfry/protocol/down.ts'
import type { Room } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { describe, expect, test } from 'vitest'
import { TYPING_EVERY_MS } from '#realtime/typing.ts'
import { HostileBus } from './hostile-bus.ts'
import type { Screen } from './screen.ts'
import { settles, until } from './settle.ts'
import { World } from './world.ts'

const GENERAL = 'room:general'

async function atTwoNodes(bus?: HostileBus) {
  const world = await World.open(bus ? { bus } : {})
  const [alice, bob] = await world.people('alice', 'bob')
  const nodes = [world.opensNode(), world.opensNode()] as const
  const [hers, his] = [await alice.opens(nodes[0]), await bob.opens(nodes[1])]
  await settles()
  return { world, alice, bob, nodes, hers, his, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

async function types(screen: Screen, topic = GENERAL): Promise<void> {
  screen.sends({ t: 'signal', name: 'typing', topic })
  await settles()
}

function whoTypes(screen: Screen): string[] {
  const frames = screen.told('signal').filter((frame): frame is Extract<DownSignal, { name: 'typing' }> => frame.name === 'typing')
  return frames.map(({ topic, userId }) => `${userId} in ${topic}`)
}

describe('typing', () => {
  test('is told to those who follow the room, at every node, but to no device of its own person', async () => {
    await using stage = await atTwoNodes()
    const { world, alice, nodes, hers, his } = stage
    const carol = await world.person('carol')
    const [watching, phone] = [await carol.opens(nodes[0], []), await alice.opens(nodes[1])]
    await settles()
    await types(hers)
    expect(whoTypes(his)).toEqual([`${alice.id} in ${GENERAL}`])
    for (const screen of [hers, phone, watching]) expect(whoTypes(screen)).toEqual([])
  })

  test('[P4] one in two seconds is passed on', async () => {
    await using stage = await atTwoNodes()
    const { world, hers, his } = stage
    for (let times = 0; times < 3; times++) await types(hers)
    world.clock.passes(TYPING_EVERY_MS - 1)
    await types(hers)
    expect(whoTypes(his)).toHaveLength(1)
    world.clock.passes(1)
    await types(hers)
    expect(whoTypes(his)).toHaveLength(2)
  })

  test('[A1] [A3] of whoever may not write there nothing is told, nor to them', async () => {
    await using stage = await atTwoNodes()
    const { world, alice, hers, his } = stage
    await world.operates('test.room', { id: 'den', name: 'Den', kind: 'open' })
    for (const screen of [hers, his]) await screen.follows('room:den')
    await types(hers, 'room:den')
    await types(hers, 'room:nowhere')
    await types(hers, 'workspace')
    await types(hers, alice.topic)
    await types(hers, 'nonsense')
    expect(whoTypes(his)).toEqual([])
    expect(hers.socket.closed).toBeNull()
    expect(hers.told('reply')).toHaveLength(1)

    await alice.does('room.join', { roomId: 'den' })
    world.clock.passes(TYPING_EVERY_MS)
    await types(hers, 'room:den')
    expect(whoTypes(his)).toEqual([`${alice.id} in room:den`])
  })

  test('[A1] only whoever follows the room can say so', async () => {
    await using stage = await atTwoNodes()
    const { hers, his } = stage
    hers.sends({ t: 'unfollow', topic: GENERAL })
    await types(hers)
    expect(whoTypes(his)).toEqual([])
  })

  test('[A2] whoever was removed is told no more', async () => {
    await using stage = await atTwoNodes()
    const { world, alice, bob, hers, his } = stage
    await world.operates('test.room', { id: 'den', name: 'Den', kind: 'closed' })
    for (const { id: userId } of [alice, bob]) await world.operates('test.member', { roomId: 'den', userId, is: 'in' })
    for (const screen of [hers, his]) await screen.follows('room:den')
    await types(hers, 'room:den')
    expect(whoTypes(his)).toHaveLength(1)
    await world.operates('test.member', { roomId: 'den', userId: bob.id, is: 'out' })
    world.clock.passes(TYPING_EVERY_MS)
    await types(hers, 'room:den')
    expect(whoTypes(his)).toHaveLength(1)
  })

  test('[A1] in a conversation of two of whom one has blocked the other, nothing is told of it to either', async () => {
    await using stage = await atTwoNodes()
    const { world, alice, bob, hers, his } = stage
    const { id } = await alice.does<Room>('direct.open', { people: [bob.id] })
    for (const screen of [hers, his]) await screen.follows(roomTopic(id))
    await types(hers, roomTopic(id))
    expect(whoTypes(his)).toHaveLength(1)
    await bob.does('block.create', { id: alice.id })
    world.clock.passes(TYPING_EVERY_MS)
    await types(hers, roomTopic(id))
    await types(his, roomTopic(id))
    expect([whoTypes(his).length, whoTypes(hers).length]).toEqual([1, 0])
  })

  test('[P3] whoever reads slowly is not told, and no such signal waits for them', async () => {
    await using stage = await atTwoNodes()
    const { alice, bob, nodes, hers, his } = stage
    const [connection] = nodes[1].realtime.connections.of(bob.id)
    his.socket.stalls()
    await alice.floods('general', () => !connection!.takesSignals)
    await types(hers)
    his.socket.readsAgain()
    await until(() => connection!.takesSignals)
    await settles()
    expect(whoTypes(his)).toEqual([])
  })

  test('a stream is told nothing of it: what carries no signals up carries none down', async () => {
    await using stage = await atTwoNodes()
    const { alice, world, nodes, hers } = stage
    const carol = await world.person('carol')
    const out = new PassThrough()
    await nodes[0].streams(out, carol.device.token, [[GENERAL]])
    await settles()
    await types(hers)
    await alice.post('written')
    await settles()
    const text = String(out.read())
    expect(text).toContain('written')
    expect(text).not.toContain('typing')
  })

  test('what the bus loses is lost, and what it repeats does no harm', async () => {
    const bus = new HostileBus()
    await using stage = await atTwoNodes(bus)
    const { hers, his, world } = stage
    bus.fateOfSignal = () => 'lost'
    await types(hers)
    expect(whoTypes(his)).toEqual([])
    bus.fateOfSignal = () => 'twice'
    world.clock.passes(TYPING_EVERY_MS)
    await types(hers)
    expect(whoTypes(his)).toHaveLength(2)
  })
})
