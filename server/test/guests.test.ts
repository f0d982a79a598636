import type { Room, User } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { describe, expect, test } from 'vitest'
import { settles } from './settle.ts'
import { asksOf } from './statements.ts'
import { type Person, refusal, World } from './world.ts'

interface Stage extends AsyncDisposable {
  world: World
  /** Alice has brought prachi, a guest, into a closed room; bob is in another. */
  alice: Person
  bob: Person
  prachi: Person
  roomId: string
}

async function stage(): Promise<Stage> {
  const world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const prachi = await world.person('prachi', 'guest')
  const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', kind: 'closed' })
  await alice.does('member.add', { roomId, id: prachi.id })
  return { world, alice, bob, prachi, roomId, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

describe('a guest', () => {
  test('[A1] sees the rooms alone that they were brought into', async () => {
    await using at = await stage()
    await at.bob.does('room.create', { name: 'Garden', kind: 'open' })
    const screen = await at.prachi.opens(at.world.opensNode(), [['room:general'], [roomTopic(at.roomId)]])
    expect(screen.told('unfollowed', 'room:general')).toHaveLength(1)
    expect(screen.told('live', roomTopic(at.roomId))).toHaveLength(1)
    const { items } = (await screen.calls('room.list', {})).result as { items: { name: string }[] }
    expect(items.map(({ name }) => name)).toEqual(['Den'])
    expect(await refusal(at.prachi.does('room.join', { roomId: 'general' }))).toBe('not-found')
    expect(await refusal(at.prachi.post('hello'))).toBe('not-found')
    expect(await refusal(at.prachi.does('room.create', { name: 'Mine', kind: 'open' }))).toBe('forbidden')
    await at.prachi.post('hello', { roomId: at.roomId })
  })

  test('[A1] knows of the people alone who are there', async () => {
    await using at = await stage()
    const { world, alice, bob, prachi } = at
    const screen = await prachi.opens(world.opensNode(), [['workspace']])
    const known = () => screen.rows('workspace', 'user').map(({ username }) => username)
    expect(known().toSorted()).toEqual(['alice', 'prachi'])
    await bob.does('me.update', { name: 'Robert' })
    await alice.does('me.update', { name: 'Alice A.' })
    await settles()
    expect(known().toSorted()).toEqual(['alice', 'prachi'])
    expect(screen.rows('workspace', 'user').map(({ name }) => name)).toContain('Alice A.')
    expect(JSON.stringify(screen.frames)).not.toContain('Robert')
    expect(screen.position('workspace')?.seq).toBe(await world.seqOf('workspace'))

    const found = (name: string, input: object) =>
      screen.calls(name, input).then(({ result }) => (result as { items: User[] }).items.map(({ id }) => id))
    expect(await found('user.find', { query: 'bob' })).toEqual([])
    expect(await found('user.find', { query: 'alice' })).toEqual([alice.id])
    expect(await found('user.list', { ids: [alice.id, bob.id] })).toEqual([alice.id])
    expect(await refusal(prachi.does('direct.open', { people: [bob.id] }))).toBe('unknown-recipient')
    expect(await prachi.does('direct.open', { people: [alice.id] })).toMatchObject({ kind: 'direct' })
    const { id: garden } = await alice.does<Room>('room.create', { name: 'Garden', kind: 'open' })
    await alice.does('member.add', { roomId: garden, id: prachi.id })
    expect(await refusal(prachi.does('member.add', { roomId: garden, id: bob.id }))).toBe('not-found')
    expect(await refusal(prachi.does('block.create', { id: bob.id }))).toBe('not-found')
  })

  test('[A3] cannot tell a hidden account from none', async () => {
    await using at = await stage()
    const { id: roomId } = await at.alice.does<Room>('room.create', { name: 'Garden', kind: 'open' })
    await at.alice.does('member.add', { roomId, id: at.prachi.id })
    const screen = await at.prachi.opens(at.world.opensNode(), [])
    const disabled = await at.world.person('carol')
    await at.world.disables(disabled)
    const asked = [
      ['member.add', (id: string) => ({ roomId, id }), 'not-found'],
      ['block.create', (id: string) => ({ id }), 'not-found'],
      ['direct.open', (id: string) => ({ people: [id] }), 'unknown-recipient'],
      ['direct.open', (id: string) => ({ people: [at.alice.id, id] }), 'unknown-recipient'],
    ] as const
    for (const [name, inputOf, code] of asked) {
      const told = async (id: string) => JSON.stringify((await screen.calls(name, inputOf(id))).refusal).replaceAll(id, 'whoever')
      const [none, ...hidden] = await Promise.all([uuidv7(), at.bob.id, disabled.id].map(told))
      expect(none).toContain(code)
      expect(hidden).toEqual([none, none])
    }
  })

  test('[A1] are told of a profile after one look for all of them', async () => {
    await using at = await stage()
    const { world, alice, roomId } = at
    const node = world.opensNode()
    const names = ['aman', 'aman-2', 'aman-3', 'aman-4']
    const looks = async (name: string, ...guests: Person[]) => {
      const screens = await Promise.all(guests.map((guest) => guest.opens(node, [['workspace']])))
      const asks = await asksOf(async () => {
        await alice.does('me.update', { name })
        await settles()
      })
      for (const screen of screens) expect(screen.rows('workspace', 'user').map((user) => user.name)).toContain(name)
      return asks
    }
    const more: Person[] = []
    for (const name of names) more.push(await world.person(name, 'guest'))
    for (const { id } of more) await alice.does('member.add', { roomId, id })
    const one = await looks('Alice A.', at.prachi)
    expect(await looks('Alice B.', ...more)).toBe(one)
  })

  test('[A2] of a room that was opened they keep what they were brought into', async () => {
    await using at = await stage()
    const { id: garden } = await at.bob.does<Room>('room.create', { name: 'Garden', kind: 'closed' })
    await at.bob.does('room.update', { roomId: garden, kind: 'open' })
    const screen = await at.prachi.opens(at.world.opensNode(), [[roomTopic(garden)]])
    expect(screen.told('unfollowed', roomTopic(garden))).toHaveLength(1)
    await at.bob.does('member.add', { roomId: garden, id: at.prachi.id })
    expect((await screen.follows(roomTopic(garden))).refusal).toBeUndefined()
    await at.bob.does('member.remove', { roomId: garden, id: at.prachi.id })
    await settles()
    expect(screen.told('unfollowed', roomTopic(garden))).toHaveLength(2)
  })
})

describe('becoming a guest', () => {
  test('[N4] what rang in General waits for nobody any more', async () => {
    await using at = await stage()
    const { world, alice, bob } = at
    await alice.post('@bob')
    await world.worksOff()
    await world.operates('user.update', { id: bob.id, role: 'guest' })
    await world.worksOff()
    const own = (await world.table('notifications')).filter(({ userId }) => userId === bob.id)
    expect(own).toMatchObject([{ readAt: expect.any(Number) as number }])
  })

  test('[A4] signs out everywhere, and takes General away; being none any more gives it back', async () => {
    await using at = await stage()
    const { world, bob } = at
    const screen = await bob.opens(world.opensNode())
    await world.operates('user.update', { id: bob.id, role: 'guest' })
    await settles()
    expect(screen.socket.closed).not.toBeNull()
    const again = bob.onAnotherDevice(await world.signsIn(bob.id))
    const asGuest = await again.opens(world.opensNode())
    expect(asGuest.told('unfollowed', 'room:general')).toHaveLength(1)
    await world.operates('user.update', { id: bob.id, role: 'member' })
    await settles()
    expect(asGuest.socket.closed).not.toBeNull()
    const asMember = await bob.onAnotherDevice(await world.signsIn(bob.id)).opens(world.opensNode())
    expect(asMember.told('live', 'room:general')).toHaveLength(1)
    expect(asMember.rows(bob.topic, 'place')).toMatchObject([{ id: 'general', endedAt: null }])
  })

  test('[N4] for a moment, somebody still has before them what waits in General', async () => {
    await using at = await stage()
    const { world, alice, bob } = at
    await alice.post('hello @bob')
    await world.worksOff()
    for (const role of ['guest', 'member'] as const) await world.operates('user.update', { id: bob.id, role })
    const place = async () => (await world.table('places')).find(({ id, userId }) => id === 'general' && userId === bob.id)
    expect(await place()).toMatchObject({ mentions: 1 })
    await world.worksOff()
    const unread = (await world.table('notifications')).filter(({ userId, readAt }) => userId === bob.id && readAt === null)
    expect(await place()).toMatchObject({ mentions: unread.length })
  })
})
