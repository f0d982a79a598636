import type { Result } from '@belfry/protocol/commands.ts'
import type { Block, Member, Place, Room } from '@belfry/protocol/rows.ts'
import { DIRECT_PEOPLE_MAX } from '@belfry/protocol/limits.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { describe, expect, test } from 'vitest'
import { settles } from './settle.ts'
import { type Person, refusal, World } from './world.ts'

type ListedRoom = Result<'room.list'>['items'][number]
type Direct = Room & { people: string[]; duplicate?: true }

function opens(person: Person, ...others: Person[]): Promise<Direct> {
  return person.does('direct.open', { people: others.map(({ id }) => id) })
}

function blocks(person: Person, { id }: Person): Promise<Block> {
  return person.does('block.create', { id })
}

async function listed(world: World, person: Person, roomId: string) {
  const screen = await person.opens(world.opensNode(), [])
  const { items } = (await screen.calls('room.list', {})).result as { items: ListedRoom[] }
  return items.find(({ id }) => id === roomId)
}

/** How often somebody's screen is told that another types there. */
async function heardTyping(world: World, [typist, reader]: [Person, Person], roomId: string): Promise<number> {
  const [topic, node] = [roomTopic(roomId), world.opensNode()]
  const [types, reads] = [await typist.opens(node, [[topic]]), await reader.opens(node, [[topic]])]
  types.sends({ t: 'signal', name: 'typing', topic })
  await settles()
  return reads.told('signal').filter((signal) => signal.name === 'typing').length
}

async function place(world: World, person: Person, roomId: string): Promise<Place> {
  return (await world.table('places')).find(({ id, userId }) => id === roomId && userId === person.id)!
}

/** `left`: of all four; `whole`: of three of them. */
async function inTwoGroups(world: World) {
  const [alice, bob, carol, prachi] = await world.people('alice', 'bob', 'carol', 'prachi')
  const left = await opens(alice, bob, carol, prachi)
  const whole = await opens(alice, bob, carol)
  return { alice, bob, carol, prachi, left, whole }
}

describe('a conversation', () => {
  test('[W3] is the same for the same people, whoever asks, and however they are named', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const pair = await opens(alice, bob)
    expect(pair).toMatchObject({ kind: 'direct', name: '', history: 'since-joined', people: [alice.id, bob.id].toSorted() })
    expect(await opens(bob, alice, bob)).toMatchObject({ id: pair.id, duplicate: true })
    const group = await opens(carol, alice, bob)
    expect(group.id).not.toBe(pair.id)
    const [one, other] = await Promise.all([opens(alice, carol), opens(carol, alice)])
    expect(one.id).toBe(other.id)
  })

  test('[A3] is nobody else’s, an administrator’s neither', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const admin = await world.person('prachi', 'admin')
    const { id: roomId } = await opens(alice, bob)
    for (const person of [carol, admin]) {
      const screen = await person.opens(world.opensNode(), [[roomTopic(roomId)]])
      expect(screen.told('unfollowed', roomTopic(roomId))).toHaveLength(1)
      expect(await refusal(person.post('hello', { roomId }))).toBe('not-found')
      expect(await refusal(person.does('room.join', { roomId }))).toBe('not-found')
      expect(await listed(world, person, roomId)).toBeUndefined()
    }
    expect(await listed(world, bob, roomId)).toMatchObject({ people: [alice.id, bob.id].toSorted() })
  })

  test('is listed for the others with its first message, and for who hid it with the next', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const { id: roomId } = await opens(alice, bob)
    expect(await place(world, alice, roomId)).toMatchObject({ hiddenTo: null, notify: 'everything' })
    expect(await place(world, bob, roomId)).toMatchObject({ hiddenTo: 0, notify: 'everything' })
    await alice.post('hello', { roomId })
    await alice.does('place.update', { roomId, isHidden: true })
    expect(await place(world, alice, roomId)).toMatchObject({ hiddenTo: 1 })
    await opens(alice, bob)
    expect(await place(world, alice, roomId)).toMatchObject({ hiddenTo: null })
  })

  test('has no owner and no name, and of two nobody leaves', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const { id: roomId } = await opens(alice, bob)
    expect(await refusal(alice.does('room.update', { roomId, name: 'Den' }))).toBe('forbidden')
    expect(await refusal(alice.does('room.leave', { roomId }))).toBe('forbidden')
    expect(await refusal(alice.does('member.remove', { roomId, id: bob.id }))).toBe('forbidden')
    expect(await refusal(alice.does('member.update', { roomId, id: bob.id, role: 'owner' }))).toBe('forbidden')
    expect(await refusal(alice.does('member.add', { roomId, id: carol.id }))).toBe('forbidden')
  })

  test('takes accounts that stand, at most so many, and oneself not alone', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const many: Person[] = []
    for (let at = 0; at < DIRECT_PEOPLE_MAX; at++) many.push(await world.person(`bob${at}`))
    expect(await refusal(opens(alice, ...many))).toBe('too-large')
    expect(await opens(alice, ...many.slice(1))).toMatchObject({ kind: 'direct' })
    expect(await refusal(opens(alice, alice))).toBe('unknown-recipient')
    await world.disables(bob)
    expect(await refusal(opens(alice, bob))).toBe('unknown-recipient')
    expect(await refusal(alice.does('direct.open', { people: ['nobody'] }))).toBe('unknown-recipient')
  })

  test('its snapshot brings its people', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const { id: roomId } = await opens(alice, bob)
    const screen = await bob.opens(world.opensNode(), [[roomTopic(roomId)]])
    const people = screen.rows(roomTopic(roomId), 'member').map(({ id }) => id)
    expect(people.toSorted()).toEqual([alice.id, bob.id].toSorted())
  })
})

describe('a group', () => {
  test('grows, and who comes to it sees what is written from then on', async () => {
    await using world = await World.open()
    const [alice, bob, carol, prachi] = await world.people('alice', 'bob', 'carol', 'prachi')
    const { id: roomId } = await opens(alice, bob, carol)
    const before = await alice.post('before', { roomId })
    const told = await carol.opens(world.opensNode(), [[roomTopic(roomId)]])
    expect(await bob.does<Member>('member.add', { roomId, id: prachi.id })).toMatchObject({ seesAfter: 1, role: 'member' })
    await alice.post('after', { roomId })
    const screen = await prachi.opens(world.opensNode(), [[roomTopic(roomId)]])
    expect(screen.bodies(roomTopic(roomId))).toEqual(['after'])
    await settles()
    expect(told.rows(roomTopic(roomId), 'member').map(({ id }) => id)).toContain(prachi.id)
    expect(await opens(carol, prachi, alice, bob)).toMatchObject({ id: roomId, duplicate: true })

    const page = (await screen.calls('message.list', { roomId })).result as { items: { body: string }[]; next: number | null }
    expect(page.items.map(({ body }) => body)).toEqual(['after'])
    expect(page.next).toBeNull()
    expect((await screen.calls('message.list', { roomId, around: before.id })).refusal?.code).toBe('not-found')
    expect((await screen.calls('message.list', { roomId, ids: [before.id] })).result).toMatchObject({ items: [] })
  })

  test('grows to no people who have a conversation already, and no larger than the bound', async () => {
    await using world = await World.open()
    const [alice, bob, carol, prachi] = await world.people('alice', 'bob', 'carol', 'prachi')
    const { id: roomId } = await opens(alice, bob, carol)
    await opens(alice, bob, carol, prachi)
    expect(await refusal(alice.does('member.add', { roomId, id: prachi.id }))).toBe('conflict')
  })

  test('goes on without who leaves it', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const { id: roomId } = await opens(alice, bob, carol)
    await carol.does('room.leave', { roomId })
    expect(await refusal(carol.post('still here?', { roomId }))).toBe('not-found')
    await alice.does('room.leave', { roomId })
    expect(await listed(world, alice, roomId)).toBeUndefined()
    expect(await listed(world, bob, roomId)).toMatchObject({ people: [bob.id], isPair: false })
    expect(await refusal(opens(bob, bob))).toBe('unknown-recipient')
    await bob.does('room.leave', { roomId })
    expect(await listed(world, bob, roomId)).toBeUndefined()
  })

  test('of which two are left stays one: it grows again, they may leave it, and a block ends nothing there', async () => {
    await using world = await World.open()
    const [alice, bob, carol, prachi] = await world.people('alice', 'bob', 'carol', 'prachi')
    const { id: pairId } = await opens(alice, bob)
    const { id: roomId } = await opens(alice, bob, carol)
    await carol.does('room.leave', { roomId })
    expect(await listed(world, alice, roomId)).toMatchObject({ people: [alice.id, bob.id].toSorted(), isPair: false })
    expect(await listed(world, alice, pairId)).toMatchObject({ people: [alice.id, bob.id].toSorted(), isPair: true })

    await blocks(bob, alice)
    const said = await alice.post('to what was a group', { roomId })
    await alice.edits(said, 'to what is a group')
    await alice.does('reaction.add', { roomId, id: said.id, emoji: '👍' })
    expect(await heardTyping(world, [alice, bob], roomId)).toBe(1)
    expect(await heardTyping(world, [alice, bob], pairId)).toBe(0)
    expect(await refusal(alice.post('to the pair', { roomId: pairId }))).toBe('forbidden')

    await alice.does('member.add', { roomId, id: prachi.id })
    expect(await listed(world, prachi, roomId)).toMatchObject({ people: [alice.id, bob.id, prachi.id].toSorted(), isPair: false })
    expect(await refusal(alice.does('room.leave', { roomId: pairId }))).toBe('forbidden')
  })

  test('of which as many are left as another has begins nothing anew for them; of which two are left is not their pair', async () => {
    await using world = await World.open()
    const [alice, bob, carol, prachi] = await world.people('alice', 'bob', 'carol', 'prachi')
    const { id: roomId } = await opens(alice, bob, carol, prachi)
    await prachi.does('room.leave', { roomId })
    expect(await opens(bob, alice, carol)).toMatchObject({ id: roomId, duplicate: true })
    await carol.does('room.leave', { roomId })
    const pair = await opens(alice, bob)
    expect(pair.id).not.toBe(roomId)
    expect(pair.duplicate).toBeUndefined()
    expect(await opens(bob, alice)).toMatchObject({ id: pair.id, duplicate: true })
  })
})

describe('of several groups of the same people', () => {
  test('[W3] the one that nobody has left is found, whoever asks, and however many ask at once', async () => {
    await using world = await World.open()
    const { alice, bob, carol, prachi, left, whole } = await inTwoGroups(world)
    await prachi.does('room.leave', { roomId: left.id })
    const found = await Promise.all([opens(alice, bob, carol), opens(bob, carol, alice), opens(carol, alice, bob)])
    expect(found).toMatchObject(found.map(() => ({ id: whole.id, duplicate: true })))
    expect(await listed(world, alice, left.id)).toMatchObject({ people: whole.people })
  })

  test('who has left one and is back has not left it', async () => {
    await using world = await World.open()
    const { alice, bob, carol, prachi, left, whole } = await inTwoGroups(world)
    await carol.does('room.leave', { roomId: whole.id })
    await alice.does('member.add', { roomId: whole.id, id: carol.id })
    await prachi.does('room.leave', { roomId: left.id })
    expect(await opens(bob, alice, carol)).toMatchObject({ id: whole.id, duplicate: true })
  })

  test('the first made is found where each was left', async () => {
    await using world = await World.open()
    const [alice, bob, carol, prachi, aman] = await world.people('alice', 'bob', 'carol', 'prachi', 'aman')
    const larger = await opens(alice, bob, carol, prachi, aman)
    const smaller = await opens(alice, bob, carol, prachi)
    await prachi.does('room.leave', { roomId: smaller.id })
    for (const person of [prachi, aman]) await person.does('room.leave', { roomId: larger.id })
    expect(await opens(carol, alice, bob)).toMatchObject({ id: larger.id, duplicate: true })
  })
})

describe('somebody who is blocked', () => {
  test('opens no conversation with who blocked them, and writes in none of two; the other way round neither', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const { id: roomId } = await opens(alice, bob)
    const said = await alice.post('hello', { roomId })
    await blocks(bob, alice)
    expect(await refusal(alice.post('are you there?', { roomId }))).toBe('forbidden')
    expect(await refusal(bob.post('no', { roomId }))).toBe('forbidden')
    expect(await refusal(alice.edits(said, 'are you there?'))).toBe('forbidden')
    await blocks(carol, alice)
    expect(await refusal(opens(alice, carol))).toBe('forbidden')
    expect(await refusal(opens(carol, alice))).toBe('forbidden')
    expect(await refusal(opens(alice, bob, carol))).toBe('forbidden')
    await alice.post('in General all the same')

    await bob.does('block.end', { id: alice.id })
    await alice.post('and now?', { roomId })
  })

  test('is not told; the block is a row of who made it, on every device', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const node = world.opensNode()
    const [hers, his] = [await alice.opens(node, []), await bob.opens(node, [])]
    const before = await world.seqOf(alice.topic)
    await blocks(bob, alice)
    await settles()
    expect(his.rows(bob.topic, 'block')).toMatchObject([{ id: alice.id, endedAt: null }])
    expect(await world.seqOf(alice.topic)).toBe(before)
    expect(hers.rows(alice.topic, 'block')).toEqual([])
    expect(await blocks(bob, alice)).toMatchObject({ endedAt: null })
    const again = await bob.opens(node, [])
    expect(again.rows(bob.topic, 'block')).toMatchObject([{ id: alice.id }])
  })

  test('refusals: oneself, nobody, and who was never blocked', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    expect(await refusal(blocks(alice, alice))).toBe('forbidden')
    expect(await refusal(alice.does('block.create', { id: 'nobody' }))).toBe('not-found')
    expect(await refusal(alice.does('block.end', { id: bob.id }))).toBe('not-found')
  })
})
