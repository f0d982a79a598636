import { findRedis } from '@belfry/bench/programs/find-program.ts'
import { startRedis } from '@belfry/bench/programs/redis.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { describe, expect, test } from 'vitest'
import type { Announcement } from '#bus/announcement.ts'
import type { Bus } from '#bus/bus.ts'
import { memoryBus } from '#bus/memory.ts'
import { RedisBus } from '#bus/redis.ts'
import { HostileBus } from './hostile-bus.ts'
import { settles, until } from './settle.ts'
import { World } from './world.ts'

/** A bus, as two nodes have it. */
interface Ends extends AsyncDisposable {
  one: Bus
  other: Bus
  /** All that was said about General until now has arrived, or never will. */
  rests(): Promise<void>
}

function announcement(seq: number): Announcement {
  return { epoch: 'e', topic: 'room:general', prev: seq - 1, seq, rows: {} }
}

/** What any bus must do. */
function keepsTheContract(open: () => Promise<Ends>): void {
  test('[F4] never invents or changes an announcement: what is heard was said', async () => {
    await using ends = await open()
    const heard: Announcement[] = []
    for (const end of [ends.one, ends.other]) end.listen((one) => heard.push(one))
    const said = Array.from({ length: 50 }, (_, at) => announcement(at + 1))
    ends.one.publish(structuredClone(said))
    await ends.rests()
    for (const one of heard) expect(said).toContainEqual(one)
  })

  test('every node hears, the one that speaks too', async () => {
    await using ends = await open()
    const heard = { announcements: [0, 0], signals: [0, 0] }
    for (const [at, end] of [ends.one, ends.other].entries()) {
      end.listen(() => void (heard.announcements[at]! += 1))
      end.listenForSignals(() => void (heard.signals[at]! += 1))
    }
    for (let seq = 1; seq <= 100; seq++) ends.one.publish([announcement(seq)])
    for (let time = 1; time <= 100; time++) ends.one.signal({ epoch: 'e', name: 'typing', topic: 'room:general', userId: 'alice' })
    await ends.rests()
    for (const count of [...heard.announcements, ...heard.signals]) expect(count).toBeGreaterThan(0)
  })

  test('after its end nobody hears anything', async () => {
    const ends = await open()
    let heard = 0
    for (const end of [ends.one, ends.other]) end.listen(() => void (heard += 1))
    await ends[Symbol.asyncDispose]()
    ends.one.publish([announcement(1)])
    await settles()
    expect(heard).toBe(0)
  })

  test('[F1] whatever it loses, repeats or reorders, followers on two nodes end with the same rows, by the sweep at the latest', async () => {
    await using ends = await open()
    await using world = await World.open({ bus: ends.one })
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const nodes = [world.opensNode(), world.opensNode({ bus: ends.other })]
    const screens = [await bob.opens(nodes[0]!), await carol.opens(nodes[1]!)]
    for (let at = 0; at < 40; at++) await alice.posts(`${at}`, `${at} and a half`)
    for (const node of nodes) await node.realtime.feeds.sweep()
    await settles()
    expect(screens[0]!.bodies('room:general')).toHaveLength(80)
    expect(screens[1]!.rows('room:general', 'message')).toEqual(expect.arrayContaining(screens[0]!.rows('room:general', 'message')))
    expect(screens.flatMap(({ gaps }) => gaps)).toEqual([])
  })
}

describe('the bus of one process', () => {
  keepsTheContract(async () => shared(memoryBus()))
})

describe('a bus that does its worst', () => {
  keepsTheContract(async () => {
    const bus = new HostileBus()
    let count = 0
    bus.fateOf = () => {
      count += 1
      if (count % 7 === 0) setImmediate(() => bus.releases((held) => held.toReversed()))
      return (['passes', 'lost', 'twice', 'held'] as const)[count % 4]!
    }
    return shared(bus)
  })
})

describe.skipIf(findRedis() === null)('the bus through Redis', () => {
  keepsTheContract(async () => {
    const redis = await startRedis()
    const [one, other] = [redis, redis].map(({ url }) => new RedisBus({ url, warn() {} })) as [RedisBus, RedisBus]
    await until(() => one.isAlive && other.isAlive)
    return {
      one,
      other,
      rests: () => arrives(one, other),
      async [Symbol.asyncDispose]() {
        for (const end of [one, other, redis]) await end[Symbol.asyncDispose]()
      },
    }
  })
})

function shared(bus: Bus): Ends {
  return { one: bus, other: bus, rests: settles, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() }
}

/** What is said after all else about the same topic comes after it. */
async function arrives(one: Bus, other: Bus): Promise<void> {
  const last = uuidv7()
  let isThere = false
  other.listenForSignals((signal) => (isThere ||= signal.name === 'typing' && signal.userId === last))
  one.signal({ epoch: 'e', name: 'typing', topic: 'room:general', userId: last })
  await until(() => isThere)
}
