import type { Change } from '@belfry/protocol/down.ts'
import { downText } from '@belfry/protocol/down-text.ts'
import { expect, test } from 'vitest'
import { HostileBus } from './hostile-bus.ts'
import { settles, until } from './settle.ts'
import { World } from './world.ts'

const GENERAL = 'room:general'

function hostileWorld() {
  const bus = new HostileBus()
  return World.open({ bus }).then((world) => ({ world, bus }))
}

test('[F1] who follows is told each change, once and in order', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await bob.opens(world.opensNode())
  await alice.posts('one', 'two')
  await alice.post('three')
  await settles()
  expect(screen.bodies(GENERAL)).toEqual(['one', 'two', 'three'])
  const changes = screen.told('change', GENERAL)
  for (const [at, change] of changes.entries()) if (at > 0) expect(change.prev).toBe(changes[at - 1]!.seq)
  expect(screen.gaps).toEqual([])
})

test('[F1] who was away gets what they missed, in its last state, and then what follows', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const before = await bob.opens(node)
  const [one] = await alice.posts('one')
  await settles()
  const position = before.position(GENERAL)!
  before.socket.cuts()
  await alice.edits(one!, 'one, again')
  await alice.post('two')
  const after = await bob.opens(node, [[GENERAL, position.epoch, position.seq]])
  await alice.post('three')
  await settles()
  expect(after.told('snapshot', GENERAL)).toEqual([])
  expect(after.told('change', GENERAL)[0]).toMatchObject({ prev: position.seq, seq: position.seq + 2 })
  expect(after.told('change', GENERAL).flatMap(({ rows }) => rows.message?.map(({ body }) => body))).toEqual(['one, again', 'two', 'three'])
})

test('[F1] a bus that repeats and reorders: nobody is told anything twice or out of order', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await bob.opens(world.opensNode())
  bus.fateOf = () => 'held'
  for (const body of ['one', 'two', 'three', 'four']) await alice.post(body)
  bus.releases((held) => [held[2]!, held[0]!, held[0]!, held[3]!, held[1]!])
  await settles()
  expect(screen.bodies(GENERAL)).toEqual(['one', 'two', 'three', 'four'])
  expect(screen.gaps).toEqual([])
  const seqs = screen.told('change', GENERAL).map(({ seq }) => seq)
  expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b))
})

test('[F1] an announcement that overlaps what was told is told from there on', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob] = await world.people('alice', 'bob')
  bus.fateOf = () => 'held'
  const [first, second] = [await alice.post('one'), await alice.post('two')]
  const screen = await bob.opens(world.opensNode())
  const third = await alice.post('three')
  bus.says({
    epoch: world.store.epoch,
    topic: GENERAL,
    prev: first.changed - 1,
    seq: third.changed,
    rows: { message: [first, second, third] },
  })
  await settles()
  expect(screen.told('change', GENERAL)).toMatchObject([{ prev: second.changed, seq: third.changed }])
  expect(screen.bodies(GENERAL)).toEqual(['one', 'two', 'three'])
})

test('[F2] a newcomer’s join tells the others what its snapshot already holds', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const node = world.opensNode()
  const screen = await bob.opens(node)
  bus.fateOf = () => 'lost'
  await alice.posts('one', 'two')
  await settles()
  expect(screen.bodies(GENERAL)).toEqual([])
  const newcomer = await carol.opens(node)
  await settles()
  expect(newcomer.bodies(GENERAL)).toEqual(['one', 'two'])
  expect(screen.bodies(GENERAL)).toEqual(['one', 'two'])
  bus.fateOf = () => 'passes'
  await alice.post('three')
  await settles()
  expect(newcomer.bodies(GENERAL)).toEqual(['one', 'two', 'three'])
  expect(screen.gaps).toEqual([])
})

test('[F2] whatever is posted while somebody joins is told to them once, at every moment of the join', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  for (let round = 0; round < 12; round++) {
    const joining = bob.opens(node)
    for (let turns = 0; turns < round; turns++) await new Promise(setImmediate)
    await alice.post(`round ${round}`)
    const screen = await joining
    await settles()
    expect(screen.bodies(GENERAL).at(-1)).toBe(`round ${round}`)
    expect(screen.gaps).toEqual([])
    screen.socket.leaves()
    await settles()
  }
  expect(node.realtime.feeds.size).toBe(0)
})

test('[F2] who leaves while the join waits is not followed by a ghost', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const screen = await bob.opens(node, [])
  screen.sends({ t: 'follow', id: 90, topic: GENERAL })
  screen.sends({ t: 'unfollow', topic: GENERAL })
  await until(() => screen.told('reply').length > 0)
  await alice.post('one')
  await settles()
  expect(screen.told('change', GENERAL)).toEqual([])
})

test('[F3] a position of another epoch, or above the topic’s seq, gets a snapshot', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  await alice.post('one')
  const { epoch } = world.store
  const seq = await world.seqOf(GENERAL)
  const screen = await bob.opens(world.opensNode(), [])
  for (const position of [
    { epoch: 'another', seq },
    { epoch, seq: seq + 1 },
  ]) {
    const snapshots = screen.told('snapshot', GENERAL).length
    await screen.follows(GENERAL, position)
    expect(screen.told('snapshot', GENERAL)).toHaveLength(snapshots + 1)
    expect(screen.position(GENERAL)).toEqual({ epoch, seq })
  }
  const frames = screen.told('snapshot', GENERAL).length
  await screen.follows(GENERAL, { epoch, seq })
  expect(screen.told('snapshot', GENERAL)).toHaveLength(frames)
})

test('[F3] a position below the floor gets a snapshot, one above it the rows', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const message = await alice.post('one')
  const tombstone = await alice.deletes(message)
  await alice.post('two')
  await world.operates('test.purge', { roomId: 'general', upTo: 100 })
  const { epoch } = world.store
  const screen = await bob.opens(world.opensNode(), [])
  await screen.follows(GENERAL, { epoch, seq: tombstone.changed })
  expect(screen.told('snapshot', GENERAL)).toHaveLength(0)
  await screen.follows(GENERAL, { epoch, seq: tombstone.changed - 1 })
  expect(screen.told('snapshot', GENERAL)).toHaveLength(1)
})

test('[F3] a feed that was told less than the floor lets everybody begin anew', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const message = await alice.post('one')
  const screen = await bob.opens(node)
  bus.fateOf = () => 'lost'
  await alice.deletes(message)
  await alice.post('two')
  await world.operates('test.purge', { roomId: 'general', upTo: 100 })
  await node.realtime.feeds.sweep()
  await settles()
  expect(screen.told('snapshot', GENERAL)).toHaveLength(2)
  expect(screen.bodies(GENERAL)).toEqual(['two'])
})

test('[F3] who missed too much gets a snapshot instead', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const { seq } = await alice.post('one').then((message) => ({ seq: message.changed }))
  for (let batch = 0; batch < 6; batch++) await alice.posts(...Array.from({ length: 900 }, (_, at) => `${batch} ${at}`))
  const screen = await bob.opens(world.opensNode(), [[GENERAL, world.store.epoch, seq]])
  expect(screen.told('snapshot', GENERAL)).toHaveLength(1)
  expect(screen.rows(GENERAL, 'message')).toHaveLength(50)
})

test('[F1] a change that is too big for a frame comes in numbered parts, each within the limit', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await bob.opens(world.opensNode())
  await alice.posts(...Array.from({ length: 30 }, (_, at) => `${at} ${'x'.repeat(15_000)}`))
  await settles()
  const changes = screen.told('change', GENERAL)
  expect(changes.length).toBeGreaterThan(3)
  expect(changes.map(({ part }) => part)).toEqual(changes.map((_, at) => [at, changes.length]))
  expect(Math.max(...changes.map((change: Change) => downText(change).length))).toBeLessThanOrEqual(128 * 1024)
  expect(screen.bodies(GENERAL)).toHaveLength(30)
})

test('[F4] what the bus lost is found by the sweep, however quiet the topic', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const screen = await bob.opens(node)
  bus.fateOf = () => 'lost'
  await alice.posts('one', 'two')
  await node.realtime.feeds.sweep()
  await settles()
  expect(screen.bodies(GENERAL)).toEqual(['one', 'two'])
  const [change] = screen.told('change', GENERAL)
  expect(change!.seq - change!.prev).toBe(2)
})

test('[F4] while the bus is silent the database is asked, and once more when it is back or has lost something', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const screen = await bob.opens(node)
  bus.fateOf = () => 'lost'
  const looks = async () => {
    node.realtime.feeds.lookAtBus()
    await settles()
    return screen.bodies(GENERAL)
  }
  await alice.post('one')
  expect(await looks()).toEqual([])
  bus.isAlive = false
  expect(await looks()).toEqual(['one'])
  bus.isAlive = true
  await alice.post('two')
  bus.lapses += 1
  expect(await looks()).toEqual(['one', 'two'])
  await alice.post('three')
  expect(await looks()).toEqual(['one', 'two'])
})

test('[F4] a sweep that is asked for while another runs finds what came after that one had looked', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const screen = await bob.opens(node)
  bus.fateOf = () => 'lost'
  const posted = alice.post('one')
  void node.realtime.feeds.sweep()
  await posted
  await node.realtime.feeds.sweep()
  await settles()
  expect(screen.bodies(GENERAL)).toEqual(['one'])
})

test('[F4] after a loss, the next announcement is enough: what it shows to be missing is looked up', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await bob.opens(world.opensNode())
  bus.fateOf = () => 'lost'
  await alice.posts('one', 'two')
  bus.fateOf = () => 'passes'
  await alice.post('three')
  await settles()
  expect(screen.bodies(GENERAL)).toEqual(['one', 'two', 'three'])
  expect(screen.gaps).toEqual([])
})

test('[F8] announcements of another epoch are dropped', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await bob.opens(world.opensNode())
  const message = await alice.post('one')
  const zombie = { ...message, id: 'zombie', n: 2, body: 'of the old database', changed: message.changed + 1 }
  bus.says({ epoch: 'another', topic: GENERAL, prev: message.changed, seq: message.changed + 1, rows: { message: [zombie] } })
  await settles()
  expect(screen.bodies(GENERAL)).toEqual(['one'])
})

test('[F7] topics have no order among them: each is complete by itself', async () => {
  await using world = await World.open()
  const bob = await world.person('bob')
  const node = world.opensNode()
  const screen = await bob.opens(node, [[GENERAL], ['workspace'], [bob.topic]])
  const refused = await screen.follows('room:cellar')
  expect(refused.refusal?.code).toBe('not-found')
  await world.operates('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
  await world.operates('test.member', { roomId: 'cellar', userId: bob.id, is: 'in' })
  expect((await screen.follows('room:cellar')).refusal).toBeUndefined()
  expect(screen.rows('room:cellar', 'room')).toMatchObject([{ name: 'Cellar' }])
})

test('[F5] [F6] a page says the seq at which it was read, in the snapshot that read it', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await bob.opens(world.opensNode())
  const posted = await alice.posts('one', 'two', 'three', 'four', 'five')
  const { result } = await screen.calls('message.list', { roomId: 'general', limit: 2 })
  expect(result).toEqual({ items: posted.slice(3), reactions: [], next: 4, seq: posted[4]!.changed, epoch: world.store.epoch })
  const around = await screen.calls('message.list', { roomId: 'general', limit: 2, around: posted[2]!.id })
  expect(around.result).toMatchObject({ items: posted.slice(2, 4), next: 3 })
  const after = await screen.calls('message.list', { roomId: 'general', limit: 2, after: 3 })
  expect(after.result).toMatchObject({ items: posted.slice(3), next: null })
  const between = await screen.calls('message.list', { roomId: 'general', limit: 2, after: 2 })
  expect(between.result).toMatchObject({ items: posted.slice(2, 4), next: 4 })
})

test('a turn of a feed that fails does not hold up those after it', async () => {
  const { world, bus } = await hostileWorld()
  await using _ = world
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  const screen = await bob.opens(node)
  const seq = await world.seqOf(GENERAL)
  bus.says({ epoch: world.store.epoch, topic: GENERAL, prev: seq, seq: seq + 1, rows: null as never })
  expect(world.failures).toHaveLength(1)
  await alice.post('one')
  await settles()
  expect(screen.bodies(GENERAL)).toEqual(['one'])
})
