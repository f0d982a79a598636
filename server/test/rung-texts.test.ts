import type { Message, Room } from '@belfry/protocol/rows.ts'
import { describe, expect, test } from 'vitest'
import { type Person, World } from './world.ts'

describe('a text that somebody may see no more', () => {
  interface Scene {
    world: World
    alice: Person
    bob: Person
    roomId: string
  }

  type Where = 'General' | 'a conversation' | { kind: 'open' | 'closed'; history?: 'since-joined' }

  const leaves = ({ bob, roomId }: Scene) => bob.does('room.leave', { roomId })
  const adds = ({ alice, bob, roomId }: Scene) => alice.does('member.add', { roomId, id: bob.id })
  const updates = ({ alice, roomId }: Scene, to: object) => alice.does('room.update', { roomId, ...to })

  /** Alice has named bob and carol there. */
  async function named(world: World, where: Where): Promise<Scene & { carol: Person; message: Message }> {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const people = [bob.id, carol.id]
    const made = async () => {
      if (where === 'General') return 'general'
      if (where === 'a conversation') return (await alice.does<Room>('direct.open', { people })).id
      const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', ...where })
      for (const id of people) await alice.does('member.add', { roomId, id })
      return roomId
    }
    const roomId = await made()
    const message = await alice.post('@bob @carol the password is swordfish', { roomId })
    await world.worksOff()
    return { world, alice, bob, carol, roomId, message }
  }

  async function told(world: World, { id }: Person): Promise<(string | null)[]> {
    const all = await world.table('notifications')
    return all.filter((row) => row.userId === id && row.deletedAt === null).map(({ body }) => body)
  }

  test.each<[string, Where, (scene: Scene) => Promise<unknown>]>([
    ['is removed', { kind: 'closed' }, ({ alice, bob, roomId }) => alice.does('member.remove', { roomId, id: bob.id })],
    ['leaves a conversation', 'a conversation', leaves],
    [
      'comes again, and sees what is said from then on',
      { kind: 'closed', history: 'since-joined' },
      async (scene) => [await leaves(scene), await adds(scene)],
    ],
    ['becomes a guest', 'General', ({ world, bob }) => world.operates('user.update', { id: bob.id, role: 'guest' })],
    [
      'has left an open room, which is closed',
      { kind: 'open' },
      async (scene) => [await leaves(scene), await updates(scene, { kind: 'closed' })],
    ],
    ['leaves a room, and is disabled', { kind: 'closed' }, async (scene) => [await leaves(scene), await scene.world.disables(scene.bob)]],
    ['blocks its author', 'General', ({ alice, bob }) => bob.does('block.create', { id: alice.id })],
  ])('[A1] [A2] is not told to whoever %s; what they were told goes with the message', async (_, where, goes) => {
    await using world = await World.open()
    const scene = await named(world, where)
    const { alice, bob, carol, message } = scene
    const meanwhile = await alice.edits(message, '@bob @carol it is another one')
    await goes(scene)
    await world.worksOff()
    expect(await told(world, bob)).toEqual([message.body])
    const later = await alice.edits(meanwhile, 'never mind')
    await world.worksOff()
    expect(await told(world, bob)).toEqual([message.body])
    expect(await told(world, carol)).toEqual(['never mind'])
    await alice.deletes(later)
    await world.worksOff()
    for (const person of [bob, carol]) expect(await told(world, person)).toEqual([])
    expect(world.failures).toEqual([])
  })

  test('[A1] is not told when its room was archived meanwhile; to its members it is', async () => {
    await using world = await World.open()
    const scene = await named(world, { kind: 'closed' })
    const { alice, bob, carol, message } = scene
    await alice.edits(message, 'never mind')
    await leaves(scene)
    await updates(scene, { archived: true })
    await world.worksOff()
    expect(await told(world, bob)).toEqual([message.body])
    expect(await told(world, carol)).toEqual(['never mind'])
  })

  test.each<[string, Where, (scene: Scene) => Promise<unknown>]>([
    ['has left a room that is open', { kind: 'open' }, leaves],
    ['is disabled', 'General', ({ world, bob }) => world.disables(bob)],
    ['wants to hear nothing', 'General', ({ bob }) => bob.does('place.update', { roomId: 'general', notify: 'nothing' })],
    ['comes again, and sees all', { kind: 'closed' }, async (scene) => [await leaves(scene), await adds(scene)]],
  ])('is what stands there for whoever may: who %s finds it as it is now', async (_, where, goes) => {
    await using world = await World.open()
    const scene = await named(world, where)
    await goes(scene)
    await scene.alice.edits(scene.message, 'never mind')
    await world.worksOff()
    expect(await told(world, scene.bob)).toEqual(['never mind'])
  })

  test('[A1] rings for nobody whom an edit names there', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', kind: 'closed', history: 'since-joined' })
    const message = await alice.post('the password is swordfish', { roomId })
    for (const { id } of [bob, carol]) await alice.does('member.add', { roomId, id })
    await carol.does('block.create', { id: alice.id })
    const later = await alice.post('hello', { roomId })
    await alice.edits(message, '@bob the password is swordfish')
    await alice.edits(later, '@carol hello')
    await world.worksOff()
    for (const person of [bob, carol]) expect(await told(world, person)).toEqual([])
  })
})
