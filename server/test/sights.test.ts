import type { Member, Room } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { describe, expect, test } from 'vitest'
import type { Screen } from './screen.ts'
import { settles } from './settle.ts'
import { type Person, refusal, World } from './world.ts'

async function den(owner: Person, more: object = {}): Promise<string> {
  const room = await owner.does<Room>('room.create', { name: 'Den', kind: 'closed', history: 'since-joined', ...more })
  return room.id
}

function adds(owner: Person, roomId: string, { id }: Person): Promise<Member> {
  return owner.does('member.add', { roomId, id })
}

function follows(world: World, person: Person, roomId: string): Promise<Screen> {
  return person.opens(world.opensNode(), [[roomTopic(roomId)]])
}

describe('a closed room whose history is its members’', () => {
  test('[A1] shows who comes to it what is written from then on, on every way', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const roomId = await den(alice)
    const old = await alice.post('old', { roomId })
    await adds(alice, roomId, bob)
    const screen = await follows(world, bob, roomId)
    expect(screen.bodies(roomTopic(roomId))).toEqual([])
    await alice.post('new', { roomId })
    await alice.edits(old, 'old, and changed')
    await alice.deletes(old)
    await settles()
    expect(screen.bodies(roomTopic(roomId))).toEqual(['new'])
    expect(screen.position(roomTopic(roomId))?.seq).toBe(await world.seqOf(roomTopic(roomId)))
    for (const way of [{}, { before: 2 }, { after: 1 }] as const) {
      const page = (await screen.calls('message.list', { roomId, ...way })).result as { items: { body: string }[]; next: unknown }
      expect(page.items.map(({ body }) => body)).toEqual('before' in way ? [] : ['new'])
      expect(page.next).toBeNull()
    }
    expect(await refusal(bob.does('message.post', { roomId, body: 'what?', replyTo: old.id }))).toBe('not-found')
    expect(await bob.does('room.read', { roomId, readTo: 0, back: true })).toMatchObject({ readTo: 1 })
    const again = await follows(world, bob, roomId)
    expect(again.bodies(roomTopic(roomId))).toEqual(['new'])
  })

  test('[N4] rings for nobody with what they do not see', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const roomId = await den(alice)
    const old = await alice.post('old', { roomId })
    await adds(alice, roomId, bob)
    await alice.does('room.update', { roomId, kind: 'open' })
    await bob.does('room.read', { roomId, readTo: 0, back: true })
    await alice.does('room.update', { roomId, kind: 'closed' })
    await alice.edits(old, 'old, and for @bob')
    await world.worksOff()
    expect((await world.table('notifications')).filter(({ userId }) => userId === bob.id)).toEqual([])
  })

  test('tells those who watch nothing of what they do not see', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const roomId = await den(alice)
    const old = await alice.post('old', { roomId })
    await adds(alice, roomId, bob)
    const node = world.opensNode()
    const screen = await bob.opens(node, [])
    await alice.deletes(old)
    await alice.post('new', { roomId })
    await settles()
    node.realtime.feeds.tellWatchers()
    await settles()
    const told = screen.told('bump', roomTopic(roomId)).flatMap(({ messages }) => messages ?? [])
    expect(told.map(([n]) => n)).toEqual([2])
  })

  test('shows all once it is open, and who was there before what they saw', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const roomId = await den(alice)
    await alice.post('old', { roomId })
    await adds(alice, roomId, bob)
    const screen = await follows(world, bob, roomId)
    await alice.does('room.update', { roomId, kind: 'open' })
    await settles()
    expect(screen.bodies(roomTopic(roomId))).toEqual(['old'])
    await alice.does('room.update', { roomId, kind: 'closed' })
    await settles()
    expect(screen.bodies(roomTopic(roomId))).toEqual([])
    expect(screen.gaps).toEqual([])
  })

  test('as a setting concerns who comes afterwards, and is its owners’', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const roomId = await den(alice, { history: 'whole' })
    await alice.post('old', { roomId })
    expect(await adds(alice, roomId, bob)).toMatchObject({ seesAfter: 0 })
    expect(await refusal(bob.does('room.update', { roomId, history: 'since-joined' }))).toBe('forbidden')
    await alice.does('room.update', { roomId, history: 'since-joined' })
    expect(await adds(alice, roomId, carol)).toMatchObject({ seesAfter: 1 })
    expect((await follows(world, bob, roomId)).bodies(roomTopic(roomId))).toEqual(['old'])
  })
})
