import { findRedis } from '@belfry/bench/programs/find-program.ts'
import { startRedis } from '@belfry/bench/programs/redis.ts'
import { describe, expect, test } from 'vitest'
import type { Bus } from '#bus/bus.ts'
import { RedisBus } from '#bus/redis.ts'
import type { Signal } from '#bus/signal.ts'
import { BELIEVED_FOR_MS } from '#realtime/attendances.ts'
import { HostileBus } from './hostile-bus.ts'
import { settles, until } from './settle.ts'
import type { TestNode } from './test-node.ts'
import { type Person, World } from './world.ts'

interface Stage extends AsyncDisposable {
  world: World
  bob: Person
  /** Bob is at the other. */
  one: TestNode
  other: TestNode
}

async function atTwoNodes(ends: { one: Bus; other: Bus }): Promise<Stage> {
  const world = await World.open({ bus: ends.one })
  const bob = await world.person('bob')
  const [one, other] = [world.opensNode({ bus: ends.one }), world.opensNode({ bus: ends.other })]
  await bob.opens(other)
  await settles()
  return { world, bob, one, other, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

function overOneBus(bus = new HostileBus()): Promise<Stage> {
  return atTwoNodes({ one: bus, other: bus })
}

/** A second goes by at these. */
function aSecond(...nodes: TestNode[]): void {
  for (const node of nodes) node.realtime.presence.tell()
}

function knows({ realtime }: TestNode, { id }: Person): boolean {
  return realtime.presence.online().includes(id)
}

describe('over a bus', () => {
  test('a node that starts knows who is elsewhere as soon as that is said again', async () => {
    await using stage = await overOneBus()
    const { world, bob, one, other } = stage
    aSecond(one, other)
    aSecond(one, other)
    const third = world.opensNode()
    expect(knows(third, bob)).toBe(false)
    aSecond(other)
    expect(knows(third, bob)).toBe(true)
  })

  test('what was lost is asked for when the next word shows it, be it news or an end', async () => {
    const bus = new HostileBus()
    await using stage = await overOneBus(bus)
    const { bob, one, other } = stage
    aSecond(other)
    expect(knows(one, bob)).toBe(true)
    const [his] = other.realtime.connections.of(bob.id)
    for (const [state, isOnline] of [
      ['away', false],
      ['online', true],
    ] as const) {
      other.realtime.presence.says(his!, state)
      bus.fateOfSignal = () => 'lost'
      aSecond(other)
      expect(knows(one, bob)).toBe(!isOnline)
      bus.fateOfSignal = () => 'twice'
      aSecond(other)
      expect(knows(one, bob)).toBe(isOnline)
    }
  })

  test('news after news that were lost do not stand for them', async () => {
    const bus = new HostileBus()
    await using stage = await overOneBus(bus)
    const { world, bob, one, other } = stage
    aSecond(other)
    const [carol, prachi] = await world.people('carol', 'prachi')
    await carol.opens(other)
    bus.fateOfSignal = () => 'lost'
    aSecond(other)
    await prachi.opens(other)
    bus.fateOfSignal = () => 'passes'
    aSecond(other)
    expect([bob, carol, prachi].map((person) => knows(one, person))).toEqual([true, true, true])
  })

  test('what is said again much later counts no more', async () => {
    const bus = new HostileBus()
    await using stage = await overOneBus(bus)
    const { bob, one, other } = stage
    const said: Signal[] = []
    bus.listenForSignals((signal) => said.push(structuredClone(signal)))
    aSecond(other)
    other.realtime.presence.says([...other.realtime.connections.of(bob.id)][0]!, 'away')
    aSecond(other)
    expect(knows(one, bob)).toBe(false)
    for (const signal of said.toReversed()) if (signal.name === 'attendance') bus.signal(signal)
    expect(knows(one, bob)).toBe(false)
  })

  test('a node that is killed is believed for ten seconds', async () => {
    await using stage = await overOneBus()
    const { world, bob, one, other } = stage
    aSecond(other)
    other[Symbol.dispose]()
    world.clock.passes(BELIEVED_FOR_MS)
    aSecond(one)
    expect(knows(one, bob)).toBe(true)
    world.clock.passes(1)
    aSecond(one)
    expect(knows(one, bob)).toBe(false)
  })

  test('a node of which nothing is new says so, and is believed', async () => {
    await using stage = await overOneBus()
    const { world, bob, one, other } = stage
    aSecond(other)
    for (let times = 0; times < 3; times++) {
      world.clock.passes(BELIEVED_FOR_MS)
      aSecond(other, one)
      expect(knows(one, bob)).toBe(true)
    }
  })

  test('while the bus is silent nobody is taken for gone; when it is back, what it brings counts', async () => {
    const bus = new HostileBus()
    await using stage = await overOneBus(bus)
    const { world, bob, one, other } = stage
    aSecond(other)
    bus.isAlive = false
    bus.fateOfSignal = () => 'lost'
    world.clock.passes(10 * BELIEVED_FOR_MS)
    aSecond(one, other)
    expect(knows(one, bob)).toBe(true)
    bus.isAlive = true
    aSecond(one)
    expect(knows(one, bob)).toBe(true)
    world.clock.passes(BELIEVED_FOR_MS + 1)
    aSecond(one)
    expect(knows(one, bob)).toBe(false)
    bus.fateOfSignal = () => 'passes'
    aSecond(other)
    expect(knows(one, bob)).toBe(true)
  })

  test('however many ask within a second, two answers are enough', async () => {
    const bus = new HostileBus()
    await using stage = await overOneBus(bus)
    const { world, other } = stage
    const words: Extract<Signal, { name: 'attendance' }>[] = []
    bus.listenForSignals((signal) => void (signal.name === 'attendance' && words.push(signal)))
    aSecond(other)
    const { node: of } = words[0]!
    words.length = 0
    aSecond(other)
    bus.signal({ epoch: world.store.epoch, name: 'roll-call', of: 'another' })
    expect(words.map(({ isAll }) => isAll)).toEqual([false])
    for (let times = 0; times < 5; times++) bus.signal({ epoch: world.store.epoch, name: 'roll-call', of })
    expect(words.map(({ isAll }) => isAll)).toEqual([false, true])
    aSecond(other)
    aSecond(other)
    expect(words.map(({ isAll }) => isAll)).toEqual([false, true, true, false])
  })

  test('[F8] another epoch’s signals are another database’s', async () => {
    await using stage = await overOneBus()
    const { world, one } = stage
    const carol = await world.person('carol')
    const says = (epoch: string) =>
      world.bus.signal({ epoch, name: 'attendance', node: 'n', count: 1, isAll: true, people: [[carol.id, 'online']] })
    says('another')
    expect(knows(one, carol)).toBe(false)
    says(world.store.epoch)
    expect(knows(one, carol)).toBe(true)
  })
})

describe.skipIf(findRedis() === null)('through Redis', () => {
  test('nodes know each other’s people, a node that starts and one behind a Redis that was away too', async () => {
    await using redis = await startRedis()
    const open = () => new RedisBus({ url: redis.url, warn() {} })
    await using ends = new AsyncDisposableStack()
    const [first, second, third] = [ends.use(open()), ends.use(open()), ends.use(open())]
    await using stage = await atTwoNodes({ one: first, other: second })
    const { world, bob, one, other } = stage
    await until(() => knows(one, bob))

    const started = world.opensNode({ bus: third })
    await until(() => knows(started, bob))

    await redis.kill()
    await until(() => !first.isAlive && !second.isAlive)
    const carol = await world.person('carol')
    await carol.opens(other)
    await settles()
    expect(knows(one, bob)).toBe(true)
    await redis.start()
    await until(() => [one, started].every((node) => knows(node, bob) && knows(node, carol)))
  })
})
