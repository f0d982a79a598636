import { CLOSE } from '@belfry/protocol/close-codes.ts'
import type { Bump } from '@belfry/protocol/down.ts'
import { UNREAD_MAX } from '@belfry/protocol/limits.ts'
import type { Place, Room } from '@belfry/protocol/rows.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HostileBus } from './hostile-bus.ts'
import { Screen } from './screen.ts'
import { settles, until } from './settle.ts'
import { asksOf } from './statements.ts'
import type { TestNode } from './test-node.ts'
import { type Person, refusal, World } from './world.ts'

const DEN = 'room:den'

// What is told to those who watch is told, and compared, when a test says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => vi.useRealTimers())

interface Stage {
  world: World
  alice: Person
  bob: Person
  node: TestNode
  /** Bob's screen, which shows General. */
  screen: Screen
}

async function inTheDen(options: { bus?: HostileBus } = {}): Promise<Stage & AsyncDisposable> {
  const world = await World.open(options)
  const [alice, bob] = await world.people('alice', 'bob')
  await world.operates('test.room', { id: 'den', name: 'Den', kind: 'closed' })
  for (const { id: userId } of [alice, bob]) await world.operates('test.member', { roomId: 'den', userId, is: 'in' })
  const node = world.opensNode()
  const screen = await bob.opens(node)
  await settles()
  return { world, alice, bob, node, screen, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

/** What it was told in short, after what says where that begins. */
async function bumps({ node, screen }: Pick<Stage, 'node' | 'screen'>): Promise<Bump[]> {
  await settles()
  node.realtime.feeds.tellWatchers()
  await settles()
  return screen.told('bump', DEN).slice(1)
}

async function listed(screen: Screen, roomId = 'den') {
  const { result } = await screen.calls('room.list', {})
  return (result as { items: { id: string; readTo: number; unread: number }[] }).items.find(({ id }) => id === roomId)
}

describe('watching a room', () => {
  test('whoever has a place in it and does not follow it is told what changed, all at once', async () => {
    await using stage = await inTheDen()
    const { alice, bob, screen } = stage
    const begins = screen.told('bump', DEN)
    expect(begins).toMatchObject([{ prev: 3, seq: 3, messages: [] }])
    const [one, two] = [await alice.post('one', { roomId: 'den' }), await bob.post('two', { roomId: 'den' })]
    await alice.deletes(one)
    expect(await bumps(stage)).toEqual([
      {
        t: 'bump',
        topic: DEN,
        prev: 3,
        seq: 6,
        messages: [
          [1, alice.id, 6, 0],
          [2, bob.id, two.changed, 1],
        ],
        rows: {},
      },
    ])
    expect(await bumps(stage)).toHaveLength(1)
    expect(JSON.stringify(screen.frames)).not.toMatch(/"(?:one|two)"/)
  })

  test('and is told the room and its members as they are now', async () => {
    await using stage = await inTheDen()
    const { alice } = stage
    await stage.world.operates('test.room', { id: 'den', name: 'The den', kind: 'closed' })
    await stage.world.operates('test.member', { roomId: 'den', userId: alice.id, is: 'out' })
    expect(await bumps(stage)).toMatchObject([
      { messages: [], rows: { room: [{ name: 'The den' }], member: [{ id: alice.id, changed: 5 }] } },
    ])
  })

  test('whoever follows it is told rows alone, and watches again when they leave it', async () => {
    await using stage = await inTheDen()
    const { alice, screen } = stage
    await screen.follows(DEN)
    await alice.post('seen', { roomId: 'den' })
    expect(await bumps(stage)).toEqual([])
    expect(screen.bodies(DEN)).toEqual(['seen'])
    screen.sends({ t: 'unfollow', topic: DEN })
    await alice.post('not seen', { roomId: 'den' })
    expect(await bumps(stage)).toMatchObject([{ seq: 5, messages: [[2, alice.id, 5, 1]] }])
  })

  test('[A2] whoever was removed is told no more, also when the end of their place was lost on the bus', async () => {
    const bus = new HostileBus()
    await using stage = await inTheDen({ bus })
    const { world, alice, bob } = stage
    bus.fateOf = ({ topic }) => (topic === bob.topic ? 'lost' : 'passes')
    await alice.post('before', { roomId: 'den' })
    await world.operates('test.member', { roomId: 'den', userId: bob.id, is: 'out' })
    await alice.post('after', { roomId: 'den' })
    expect(await bumps(stage)).toEqual([])
  })

  test('whoever is added watches from then on; whoever leaves an open room does not', async () => {
    await using stage = await inTheDen()
    const { world, alice, bob, node } = stage
    await world.operates('test.room', { id: 'den', name: 'Den', kind: 'open' })
    const carol = await world.person('carol')
    const screen = await carol.opens(node)
    await settles()
    expect(screen.told('bump', DEN)).toEqual([])
    await carol.does('room.join', { roomId: 'den' })
    await bob.does('room.leave', { roomId: 'den' })
    await settles()
    expect(screen.told('bump', DEN)).toMatchObject([{ messages: [] }])
    await alice.post('hello', { roomId: 'den' })
    expect(await bumps({ node, screen })).toMatchObject([{ messages: [[1, alice.id, expect.any(Number), 1]] }])
    // What came with the end of his place may have been told; what came after it was not.
    expect(stage.screen.told('bump', DEN).flatMap(({ messages }) => messages)).toEqual([])
  })

  test('whoever comes to an open room, and goes before the database has answered, watches nothing', async () => {
    await using stage = await inTheDen()
    const { world, alice, bob } = stage
    await world.operates('test.room', { id: 'garden', name: 'Garden', kind: 'open' })
    await alice.does('room.join', { roomId: 'garden' })
    let answers = Promise.withResolvers<void>()
    answers.resolve()
    const node = world.opensNode({ late: () => answers.promise })
    const screen = await bob.opens(node)
    const watches = async () => {
      await settles()
      node.realtime.feeds.tellWatchers()
      await settles()
      return screen.told('bump', 'room:garden').length
    }
    answers = Promise.withResolvers()
    await bob.does('room.join', { roomId: 'garden' })
    await settles()
    await bob.does('room.leave', { roomId: 'garden' })
    await settles()
    answers.resolve()
    await settles()
    await alice.post('hello', { roomId: 'garden' })
    expect(await watches()).toBe(0)
    await bob.does('room.join', { roomId: 'garden' })
    expect(await watches()).toBe(1)
  })

  test('nor does who goes while the database is asked, at the beginning, what they watch', async () => {
    await using stage = await inTheDen()
    const { world, alice, bob } = stage
    await world.operates('test.room', { id: 'garden', name: 'Garden', kind: 'open' })
    for (const person of [alice, bob]) await person.does('room.join', { roomId: 'garden' })
    const answers = Promise.withResolvers<void>()
    // Once his own topic is live, which tells of the places that come and go, what he watches is looked up.
    const late = () => (screen.told('live', bob.topic).length > 0 ? answers.promise : Promise.resolve())
    const node = world.opensNode({ late })
    const screen = new Screen(node.server)
    await screen.hello(bob.device.token)
    expect(screen.told('live', bob.topic)).toHaveLength(1)
    expect(screen.told('bump')).toEqual([])
    await bob.does('room.leave', { roomId: 'garden' })
    await settles()
    answers.resolve()
    await settles()
    expect(screen.told('bump', DEN)).toHaveLength(1)
    await alice.post('hello', { roomId: 'garden' })
    await settles()
    node.realtime.feeds.tellWatchers()
    await settles()
    expect(screen.told('bump', 'room:garden')).toEqual([])
  })

  test('[A2] whichever look at the database fails, whom it concerns comes again, or is told all the same', async () => {
    let failing = 0
    for (let hasFailed = true; hasFailed;) {
      failing += 1
      await using stage = await inTheDen()
      const { world, alice, bob } = stage
      hasFailed = false
      let reads = 0
      const late = async () => {
        reads += 1
        hasFailed ||= reads === failing
        if (reads === failing) throw new Error('the database is away')
      }
      const node = world.opensNode({ late })
      const screen = await bob.opens(node, [])
      await world.operates('test.member', { roomId: 'den', userId: bob.id, is: 'out' })
      await settles()
      await world.operates('test.member', { roomId: 'den', userId: bob.id, is: 'in' })
      await settles()
      await alice.post('hello', { roomId: 'den' })
      for (let times = 0; times < 2; times++) {
        await node.realtime.feeds.sweep()
        await settles()
        node.realtime.feeds.tellWatchers()
        await settles()
      }
      if (screen.socket.closed === null) expect(screen.told('bump', DEN).at(-1)?.seq).toBe(await world.seqOf(DEN))
      else expect(screen.socket.closed).toEqual({ code: CLOSE.failed })
    }
    expect(failing).toBeGreaterThan(4)
  })

  test('a guest who is in no room watches nothing, and nothing goes wrong', async () => {
    await using stage = await inTheDen()
    const { world, node } = stage
    const prachi = await world.person('prachi', 'guest')
    const screen = await prachi.opens(node, [['workspace']])
    await settles()
    expect(screen.told('bump')).toEqual([])
    expect(world.failures).toEqual([])
  })

  test('[F4] what the bus has lost is found at the next look at the database', async () => {
    const bus = new HostileBus()
    await using stage = await inTheDen({ bus })
    bus.fateOf = () => 'lost'
    await stage.alice.post('lost', { roomId: 'den' })
    expect(await bumps(stage)).toEqual([])
    await stage.node.realtime.feeds.sweep()
    expect(await bumps(stage)).toMatchObject([{ prev: 3, seq: 4, messages: [[1, stage.alice.id, 4, 1]] }])
  })

  test('[P3] whoever reads too slowly learns later that something happened', async () => {
    await using stage = await inTheDen()
    const { alice, screen, node } = stage
    const [connection] = node.realtime.connections.all()
    screen.socket.stalls()
    await alice.floods('general', () => connection!.isSlow)
    await alice.post('meanwhile', { roomId: 'den' })
    expect(await bumps(stage)).toEqual([])
    screen.socket.readsAgain()
    await until(() => screen.told('bump', DEN).length > 1)
    expect(screen.told('bump', DEN).at(-1)).toMatchObject({ prev: 4, seq: 4, messages: null })
  })

  test('[P4] of very much it is told no more than that', async () => {
    await using stage = await inTheDen()
    const many = Array.from({ length: 201 }, (_, at) => stage.alice.post(`${at}`, { roomId: 'den' }))
    await Promise.all(many)
    expect(await bumps(stage)).toMatchObject([{ prev: 3, seq: 204, messages: null }])
  })
})

describe('[N5] what is unread', () => {
  test('standing messages of others behind the read marker, up to a hundred', async () => {
    await using stage = await inTheDen()
    const { alice, bob, screen } = stage
    expect(await listed(screen)).toMatchObject({ readTo: 0, unread: 0 })
    const first = await alice.post('one', { roomId: 'den' })
    await bob.post('his own', { roomId: 'den' })
    await alice.post('three', { roomId: 'den' })
    expect(await listed(screen)).toMatchObject({ unread: 2, posted: 3 })
    await alice.deletes(first)
    expect(await listed(screen)).toMatchObject({ unread: 1 })
    await Promise.all(Array.from({ length: UNREAD_MAX + 5 }, (_, at) => alice.post(`${at}`, { roomId: 'den' })))
    expect(await listed(screen)).toMatchObject({ unread: UNREAD_MAX })
  })

  test('within one’s sight alone', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const { id: roomId } = await alice.does<Room>('room.create', { name: 'Loft', kind: 'closed', history: 'since-joined' })
    for (const text of ['one', 'two', 'three']) await alice.post(text, { roomId })
    await alice.does('member.add', { roomId, id: bob.id })
    await alice.post('four', { roomId })
    const screen = await bob.opens(world.opensNode())
    expect(await listed(screen, roomId)).toMatchObject({ readTo: 3, unread: 1 })
    await alice.does('room.update', { roomId, kind: 'open' })
    await bob.does('room.read', { roomId, readTo: 0, back: true })
    expect(await listed(screen, roomId)).toMatchObject({ readTo: 0, unread: 4 })
    await alice.does('room.update', { roomId, kind: 'closed' })
    expect(await listed(screen, roomId)).toMatchObject({ readTo: 0, unread: 1 })
  })

  test('is counted with a question or two, whatever the number of rooms', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const screen = await bob.opens(world.opensNode())
    const opens = async (name: string) => {
      const { id: roomId } = await alice.does<Room>('room.create', { name, kind: 'open' })
      await bob.does('room.join', { roomId })
      await alice.post('hello', { roomId })
    }
    await opens('Loft')
    const asks = () => asksOf(() => screen.calls('room.list', {}))
    const ofFew = await asks()
    for (let rooms = 0; rooms < 10; rooms++) await opens(`Loft ${rooms}`)
    expect(await asks()).toBe(ofFew)
    const { result } = await screen.calls('room.list', {})
    const { items } = result as { items: { name: string; seq: number; posted: number; unread: number }[] }
    expect(items.filter(({ name }) => name.startsWith('Loft'))).toHaveLength(11)
    for (const room of items) if (room.name.startsWith('Loft')) expect(room).toMatchObject({ seq: 3, posted: 1, unread: 1 })
  })

  test('the marker moves on, no further than there is something, and back only when asked to', async () => {
    await using stage = await inTheDen()
    const { alice, bob, world, screen } = stage
    for (const body of ['one', 'two', 'three']) await alice.post(body, { roomId: 'den' })
    const reads = (readTo: number, more: object = {}) => bob.does<Place>('room.read', { roomId: 'den', readTo, ...more })
    expect(await reads(2)).toMatchObject({ readTo: 2 })
    const seq = await world.seqOf(bob.topic)
    expect(await reads(1)).toMatchObject({ readTo: 2 })
    expect(await world.seqOf(bob.topic)).toBe(seq)
    expect(await reads(99)).toMatchObject({ readTo: 3 })
    expect(await reads(0, { back: true })).toMatchObject({ readTo: 0 })
    await settles()
    expect(screen.rows(bob.topic, 'place')).toContainEqual(expect.objectContaining({ id: 'den', readTo: 0 }))
    expect(await listed(screen)).toMatchObject({ readTo: 0, unread: 3 })
  })

  test('[W3] a mark that comes late undoes nothing that was marked since; said again where it stands already, it is no mistake', async () => {
    await using stage = await inTheDen()
    const { alice, bob } = stage
    for (const body of ['one', 'two', 'three']) await alice.post(body, { roomId: 'den' })
    const reads = (readTo: number, more: object = {}) => bob.does<Place>('room.read', { roomId: 'den', readTo, ...more })
    const before = await reads(1)
    const read = await reads(3, { changed: before.changed })
    expect(await reads(3, { changed: before.changed })).toEqual(read)
    const unread = await reads(0, { back: true, changed: read.changed })
    const late = bob.does('room.read', { roomId: 'den', readTo: 3, changed: before.changed })
    await expect(late).rejects.toMatchObject({ body: { code: 'stale', row: unread } })
    expect(await reads(2, { changed: unread.changed })).toMatchObject({ readTo: 2 })
    expect(await refusal(reads(0, { back: true, changed: read.changed }))).toBe('stale')
  })

  test('[A3] only of a room in which one has a place', async () => {
    await using stage = await inTheDen()
    const carol = await stage.world.person('carol')
    expect(await refusal(carol.does('room.read', { roomId: 'den', readTo: 1 }))).toBe('not-found')
    await stage.world.operates('test.member', { roomId: 'den', userId: stage.bob.id, is: 'out' })
    expect(await refusal(stage.bob.does('room.read', { roomId: 'den', readTo: 1 }))).toBe('not-found')
  })

  test('[N4] of many rooms in one write, with what rang there; what came since, and a room that one has lost, stay as they are', async () => {
    await using stage = await inTheDen()
    const { alice, bob, world, screen } = stage
    await alice.post('@bob one', { roomId: 'den' })
    await alice.post('@bob elsewhere')
    await world.worksOff()
    await alice.post('two', { roomId: 'den' })
    const seq = await world.seqOf(bob.topic)
    const rooms = [
      { roomId: 'den', readTo: 1 },
      { roomId: 'general', readTo: 1 },
      { roomId: 'nowhere', readTo: 1 },
    ]
    const { items } = await bob.does<{ items: Place[] }>('room.read-all', { rooms })
    expect(items).toMatchObject([
      { id: 'den', readTo: 1, mentions: 0 },
      { id: 'general', readTo: 1, mentions: 0 },
    ])
    expect(await world.seqOf(bob.topic)).toBe(seq + 1)
    expect(await listed(screen)).toMatchObject({ unread: 1 })
    expect(await world.table('counts')).toContainEqual(expect.objectContaining({ userId: bob.id, unread: 0 }))
    await world.operates('test.member', { roomId: 'den', userId: bob.id, is: 'out' })
    expect(await bob.does('room.read-all', { rooms: [{ roomId: 'den', readTo: 2 }] })).toEqual({ items: [] })
  })
})
