import { describe, expect, test } from 'vitest'
import type { Bus } from '#bus/bus.ts'
import { memoryBus } from '#bus/memory.ts'
import type { Announcement } from '#bus/announcement.ts'
import { HostileBus } from './hostile-bus.ts'
import { settles } from './settle.ts'
import { World } from './world.ts'

function announcement(seq: number): Announcement {
  return { epoch: 'e', topic: 'room:general', prev: seq - 1, seq, rows: {} }
}

/** What any bus must do. */
function keepsTheContract(open: () => Bus): void {
  test('[F4] never invents or changes an announcement: what is heard was said', async () => {
    await using bus = open()
    const heard: Announcement[] = []
    bus.listen((one) => heard.push(one))
    const said = Array.from({ length: 50 }, (_, at) => announcement(at + 1))
    bus.publish(structuredClone(said))
    await settles()
    for (const one of heard) expect(said).toContainEqual(one)
  })

  test('every node hears, the one that speaks too', async () => {
    await using bus = open()
    const heard = [0, 0]
    for (const at of [0, 1]) bus.listen(() => void (heard[at]! += 1))
    for (let seq = 1; seq <= 100; seq++) bus.publish([announcement(seq)])
    await settles()
    for (const count of heard) expect(count).toBeGreaterThan(0)
  })

  test('after its end nobody hears anything', async () => {
    const bus = open()
    let heard = 0
    bus.listen(() => void (heard += 1))
    await bus[Symbol.asyncDispose]()
    bus.publish([announcement(1)])
    await settles()
    expect(heard).toBe(0)
  })

  test('[F1] whatever it loses, repeats or reorders, followers on two nodes end with the same rows, by the sweep at the latest', async () => {
    await using bus = open()
    await using world = await World.open({ bus })
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const nodes = [world.opensNode(), world.opensNode()]
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
  keepsTheContract(memoryBus)
})

describe('a bus that does its worst', () => {
  keepsTheContract(() => {
    const bus = new HostileBus()
    let count = 0
    bus.fateOf = () => {
      count += 1
      if (count % 7 === 0) setImmediate(() => bus.releases((held) => held.toReversed()))
      return (['passes', 'lost', 'twice', 'held'] as const)[count % 4]!
    }
    return bus
  })
})
