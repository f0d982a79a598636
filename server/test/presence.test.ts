import { PassThrough } from 'node:stream'
import type { DownSignal } from '@belfry/protocol/down.ts'
import type { Preferences } from '@belfry/protocol/rows.ts'
import { LOOKED_AT_MAX_IDS } from '@belfry/protocol/limits.ts'
import { describe, expect, test } from 'vitest'
import { GONE_AFTER_MS } from '#realtime/attendances.ts'
import { ASK_AGAIN_AFTER_MS } from '#realtime/looks.ts'
import type { Screen } from './screen.ts'
import { settles, until } from './settle.ts'
import type { TestNode } from './test-node.ts'
import { type Person, World } from './world.ts'

interface Stage extends AsyncDisposable {
  world: World
  alice: Person
  bob: Person
  nodes: [TestNode, TestNode]
  /** Alice's screen, at the first node. */
  screen: Screen
}

/** Alice and bob, and two nodes over one bus; alice is there. */
async function atTwoNodes(): Promise<Stage> {
  const world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const nodes: Stage['nodes'] = [world.opensNode(), world.opensNode()]
  const screen = await alice.opens(nodes[0])
  await settles()
  return { world, alice, bob, nodes, screen, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

async function looksAt(screen: Screen, ...people: Person[]): Promise<void> {
  screen.sends({ t: 'signal', name: 'look', ids: people.map(({ id }) => id) })
  await settles()
}

/** A second goes by at every node. */
async function aSecond({ world, nodes }: Pick<Stage, 'world' | 'nodes'>, ms = 1_000): Promise<void> {
  await settles()
  world.clock.passes(ms)
  await settles()
  for (const node of nodes) node.realtime.presence.tell()
  await settles()
  // What one node has told the others is told there.
  for (const node of nodes) node.realtime.presence.tell()
  await settles()
}

/** All that a screen was told of somebody, in order. */
function told(screen: Screen, { id }: Person): string[] {
  const frames = screen.told('signal').filter((frame): frame is Extract<DownSignal, { name: 'presence' }> => frame.name === 'presence')
  return frames.flatMap(({ people }) => people.filter(([userId]) => userId === id).map(([, state]) => state))
}

describe('presence', () => {
  test('each node knows who is online at any, but not who is away', async () => {
    await using stage = await atTwoNodes()
    const { alice, bob, nodes } = stage
    const his = await bob.opens(nodes[1])
    await aSecond(stage)
    for (const node of nodes) expect(node.realtime.presence.online().toSorted()).toEqual([alice.id, bob.id].toSorted())
    his.sends({ t: 'signal', name: 'presence', state: 'away' })
    await aSecond(stage)
    for (const node of nodes) expect(node.realtime.presence.online()).toEqual([alice.id])
  })

  test('is told at once to whoever begins to look, and then when it changes', async () => {
    await using stage = await atTwoNodes()
    const { bob, screen, nodes } = stage
    await looksAt(screen, bob)
    expect(told(screen, bob)).toEqual(['offline'])
    const his = await bob.opens(nodes[1])
    await aSecond(stage)
    expect(told(screen, bob)).toEqual(['offline', 'online'])
    his.sends({ t: 'signal', name: 'presence', state: 'away' })
    await aSecond(stage)
    expect(told(screen, bob)).toEqual(['offline', 'online', 'away'])
    await aSecond(stage)
    expect(told(screen, bob)).toHaveLength(3)
  })

  test('of several devices, also at several nodes, the most present one decides', async () => {
    await using stage = await atTwoNodes()
    const { bob, screen, nodes } = stage
    const [one, other] = [await bob.opens(nodes[0]), await bob.opens(nodes[1])]
    one.sends({ t: 'signal', name: 'presence', state: 'away' })
    await aSecond(stage)
    await looksAt(screen, bob)
    expect(told(screen, bob)).toEqual(['online'])
    other.sends({ t: 'signal', name: 'presence', state: 'away' })
    await aSecond(stage)
    one.sends({ t: 'signal', name: 'presence', state: 'online' })
    await aSecond(stage)
    expect(told(screen, bob)).toEqual(['online', 'away', 'online'])
  })

  test('a page that is loaded anew, also at another node, has not left; who stays away has', async () => {
    await using stage = await atTwoNodes()
    const { bob, screen, nodes } = stage
    const his = await bob.opens(nodes[0])
    await looksAt(screen, bob)
    his.socket.cuts()
    await aSecond(stage, GONE_AFTER_MS - 2_000)
    const again = await bob.opens(nodes[1])
    await aSecond(stage)
    await aSecond(stage)
    expect(told(screen, bob)).toEqual(['online'])
    again.socket.cuts()
    await aSecond(stage, GONE_AFTER_MS - 1)
    expect(told(screen, bob)).toEqual(['online'])
    await aSecond(stage, 1)
    expect(told(screen, bob)).toEqual(['online', 'offline'])
  })

  test('what changes to and fro within a second is told once, and as the same bytes to all', async () => {
    await using stage = await atTwoNodes()
    const { world, alice, bob, screen, nodes } = stage
    const carol = await world.person('carol')
    const hers = await carol.opens(nodes[0])
    const his = await bob.opens(nodes[0])
    for (const one of [screen, hers]) await looksAt(one, bob)
    for (const state of ['away', 'online', 'away'] as const) his.sends({ t: 'signal', name: 'presence', state })
    await aSecond(stage)
    for (const one of [screen, hers]) expect(told(one, bob)).toEqual(['online', 'away'])
    expect(told(his, alice)).toEqual([])
  })

  test('[A1] who shares no room is told nothing, and whoever does no longer that it is not known any more', async () => {
    await using stage = await atTwoNodes()
    const { world, alice, bob, screen, nodes } = stage
    const his = await bob.opens(nodes[1])
    await aSecond(stage)
    await parts(world, bob)
    await looksAt(screen, bob)
    expect(told(screen, bob)).toEqual([])

    // A room of their own: known again when it is asked for the next time.
    await world.operates('test.room', { id: 'den', name: 'Den', kind: 'closed' })
    for (const { id: userId } of [alice, bob]) await world.operates('test.member', { roomId: 'den', userId, is: 'in' })
    await aSecond(stage)
    await aSecond(stage)
    expect(told(screen, bob)).toEqual(['online'])
    await world.operates('test.member', { roomId: 'den', userId: bob.id, is: 'out' })
    his.sends({ t: 'signal', name: 'presence', state: 'away' })
    await aSecond(stage, ASK_AGAIN_AFTER_MS)
    await aSecond(stage)
    expect(told(screen, bob).at(-1)).toBe('unknown')
    const before = told(screen, bob).length
    his.sends({ t: 'signal', name: 'presence', state: 'online' })
    await aSecond(stage)
    expect(told(screen, bob)).toHaveLength(before)
  })

  test('[A1] the end of one’s own place takes effect at once', async () => {
    await using stage = await atTwoNodes()
    const { world, alice, bob, screen, nodes } = stage
    await parts(world, bob)
    await world.operates('test.room', { id: 'den', name: 'Den', kind: 'closed' })
    for (const { id: userId } of [alice, bob]) await world.operates('test.member', { roomId: 'den', userId, is: 'in' })
    await bob.opens(nodes[1])
    await aSecond(stage)
    await looksAt(screen, bob)
    expect(told(screen, bob)).toEqual(['online'])
    await aSecond(stage)
    await world.operates('test.member', { roomId: 'den', userId: alice.id, is: 'out' })
    await settles()
    expect(told(screen, bob)).toEqual(['online', 'unknown'])
  })

  test('a stream is a device like any other, and one of a single topic is none', async () => {
    await using stage = await atTwoNodes()
    const { world, bob, screen, nodes } = stage
    const carol = await world.person('carol')
    await nodes[1].streams(new PassThrough(), bob.device.token, [['room:general']])
    const { user, device } = carol
    nodes[1].realtime.streamTopic(
      new PassThrough(),
      { user, sessionId: device.sessionId, expiresAt: Infinity },
      { topic: carol.topic, position: null },
    )
    await aSecond(stage)
    await looksAt(screen, bob, carol)
    expect([told(screen, bob), told(screen, carol)]).toEqual([['online'], ['offline']])
  })

  test('the list that is said last counts; who is named anew is told of anew', async () => {
    await using stage = await atTwoNodes()
    const { alice, bob, screen } = stage
    await looksAt(screen, bob)
    await looksAt(screen, alice)
    await looksAt(screen, bob)
    await aSecond(stage)
    await aSecond(stage)
    expect(told(screen, bob)).toEqual(['offline', 'offline'])
    expect(told(screen, alice)).toEqual([])
  })
})

describe('under pressure', () => {
  test('[P3] whoever reads slowly is told nothing fleeting long before it falls behind, and later what is so then', async () => {
    await using stage = await atTwoNodes()
    const { alice, bob, screen, nodes } = stage
    await looksAt(screen, bob)
    const [hers] = nodes[0].realtime.connections.of(alice.id)
    screen.socket.stalls()
    await bob.floods('general', () => !hers!.takesSignals)
    expect(hers!.isSlow).toBe(false)
    const his = await bob.opens(nodes[1])
    await aSecond(stage)
    his.sends({ t: 'signal', name: 'presence', state: 'away' })
    await aSecond(stage)
    screen.socket.readsAgain()
    await until(() => hers!.takesSignals)
    expect(told(screen, bob)).toEqual(['offline'])
    await aSecond(stage)
    expect(told(screen, bob)).toEqual(['offline', 'away'])
  })

  test('[P4] more people than may be looked at, and any other nonsense, closes the connection', async () => {
    await using stage = await atTwoNodes()
    const { alice, screen, nodes } = stage
    screen.sends({ t: 'signal', name: 'look', ids: Array.from({ length: LOOKED_AT_MAX_IDS + 1 }, (_, at) => `u${at}`) })
    await until(() => screen.socket.closed !== null)
    expect(screen.socket.closed?.code).toBe(4500)
    const other = await alice.opens(nodes[0])
    other.socket.sendsText('{"t":"signal","name":"dancing"}')
    await until(() => other.socket.closed !== null)
    expect(other.socket.closed?.code).toBe(4500)
  })
})

describe('do not disturb', () => {
  const HALF_AN_HOUR_MS = 30 * 60_000
  /** Over before anybody asks again. */
  const SHORT_MS = ASK_AGAIN_AFTER_MS / 3

  test('is shown to others on every node while it lasts, wherever its person is', async () => {
    await using stage = await atTwoNodes()
    const { bob, screen, nodes } = stage
    const his = await bob.opens(nodes[1])
    await aSecond(stage)
    await looksAt(screen, bob)
    await bob.does('me.set-preferences', { dndForMs: SHORT_MS })
    await aSecond(stage)
    his.sends({ t: 'signal', name: 'presence', state: 'away' })
    await aSecond(stage)
    expect(told(screen, bob)).toEqual(['online', 'dnd'])
    await aSecond(stage, SHORT_MS)
    expect(told(screen, bob)).toEqual(['online', 'dnd', 'away'])
  })

  test('is known to whoever looks later, and ends when its person says so', async () => {
    await using stage = await atTwoNodes()
    const { bob, screen, nodes } = stage
    await bob.does('me.set-preferences', { dndForMs: HALF_AN_HOUR_MS })
    await bob.opens(nodes[0])
    await looksAt(screen, bob)
    expect(told(screen, bob)).toEqual(['dnd'])
    await bob.does('me.set-preferences', { dndForMs: null })
    await aSecond(stage)
    expect(told(screen, bob)).toEqual(['dnd', 'online'])
  })

  test('is a row of one’s own topic; the same again spends no seq', async () => {
    await using stage = await atTwoNodes()
    const { world, bob, nodes } = stage
    expect(await bob.does<Preferences>('me.set-preferences', { dndForMs: null })).toMatchObject({ changed: 0, dndUntil: null })
    const set = await bob.does<Preferences>('me.set-preferences', { dndForMs: 1_000 })
    expect(set).toMatchObject({ id: 'preferences', dndUntil: world.clock.now() + 1_000 })
    const screen = await bob.opens(nodes[0])
    await until(() => screen.told('live', bob.topic).length > 0)
    expect(screen.rows(bob.topic, 'preferences')).toEqual([set])
    const ended = await bob.does<Preferences>('me.set-preferences', { dndForMs: null })
    expect(await bob.does('me.set-preferences', { dndForMs: null })).toEqual(ended)
    expect(await world.seqOf(bob.topic)).toBe(ended.changed)
    await settles()
    expect(screen.rows(bob.topic, 'preferences')).toMatchObject([{ dndUntil: null }])
  })

  test('[N1] [N2] its person is named among the suppressed; the notification is stored all the same', async () => {
    await using stage = await atTwoNodes()
    const { world, alice, bob } = stage
    await bob.does('me.set-preferences', { dndForMs: HALF_AN_HOUR_MS })
    const quiet = [{ to: 'bob', reason: 'do-not-disturb' }]
    expect(await world.notifies(['alice', 'bob'], { key: 'k' })).toMatchObject({ items: [{}, {}], suppressed: quiet })
    expect((await world.notifies(['alice', 'bob'], { key: 'k' })).suppressed).toEqual([])
    expect((await world.notifies('bob', { priority: 'urgent' })).suppressed).toEqual([])
    expect((await world.notifies(['bob', bob.id], { priority: 'low' })).suppressed).toEqual(quiet)
    world.clock.passes(HALF_AN_HOUR_MS)
    expect((await world.notifies('bob')).suppressed).toEqual([])
    const rows = await world.table('notifications')
    expect(Map.groupBy(rows, ({ userId }) => userId).get(bob.id)).toHaveLength(4)
    expect(Map.groupBy(rows, ({ userId }) => userId).get(alice.id)).toHaveLength(1)
  })
})

/** No room is shared with them any more. */
async function parts(world: World, { id: userId }: Person): Promise<void> {
  await world.operates('test.member', { roomId: 'general', userId, is: 'out' })
}
