import type { Message, Notification, Place, Room } from '@belfry/protocol/rows.ts'
import { describe, expect, test } from 'vitest'
import { chunks } from '#lib/chunks.ts'
import { LISTENERS_MAX } from '#notifications/listeners.ts'
import { type Person, World } from './world.ts'

/** Titles of what stands unread in somebody's inbox, the oldest first. */
async function unread(world: World, { id }: Person): Promise<string[]> {
  return (await rung(world, id)).filter(({ readAt }) => readAt === null).map(({ title }) => title)
}

async function rung(world: World, userId: string): Promise<(Notification & { roomId: string | null })[]> {
  const all = (await world.table('notifications')).filter((row) => row.userId === userId && row.deletedAt === null)
  return all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

async function mentions(world: World, person: Person, roomId = 'general'): Promise<number> {
  return (await place(world, person, roomId)).mentions
}

async function place(world: World, person: Person, roomId: string): Promise<Place> {
  return (await world.table('places')).find(({ id, userId }) => id === roomId && userId === person.id)!
}

function arranges(person: Person, to: object, roomId = 'general'): Promise<Place> {
  return person.does('place.update', { roomId, ...to })
}

describe('a name in a text', () => {
  test('[W5] rings for whom it names, once, and stands in their place', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const message = await alice.post('hello @bob, and @BOB again')
    expect(message.names).toEqual({ bob: bob.id, BOB: bob.id })
    expect(await unread(world, bob)).toEqual([])
    await world.worksOff()
    await world.worksOff()
    expect(await unread(world, bob)).toEqual(['alice named you in General'])
    expect(await rung(world, bob.id)).toMatchObject([
      { kind: 'message', body: 'hello @bob, and @BOB again', url: `/rooms/general/${message.id}`, key: `message:${message.id}` },
    ])
    expect(await mentions(world, bob)).toBe(1)
    expect(await unread(world, carol)).toEqual([])
    expect(await world.table('jobs')).toEqual([])
    expect(world.failures).toEqual([])
  })

  test('names members of the room alone, and its author rings for nobody else’s sake', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', kind: 'closed' })
    await alice.does('member.add', { roomId, id: bob.id })
    const message = await alice.post('@bob @carol @alice @nobody', { roomId })
    expect(message.names).toEqual({ bob: bob.id, alice: alice.id })
    await world.worksOff()
    expect(await unread(world, bob)).toEqual(['alice named you in Den'])
    for (const person of [alice, carol]) expect(await unread(world, person)).toEqual([])
  })

  test('still names them when they are called something else, also after an edit', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const message = await alice.post('hello @bob')
    await world.operates('user.update', { id: bob.id, username: 'robert' })
    await world.operates('user.update', { id: carol.id, username: 'bob' })
    expect((await alice.edits(message, 'good morning @bob')).names).toEqual({ bob: bob.id })
    expect((await alice.post('and @bob')).names).toEqual({ bob: carol.id })
  })

  test('an edit that adds one rings for them alone; one that changes the text changes what is told', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const message = await alice.post('hello @bob')
    await world.worksOff()
    await bob.marks((await rung(world, bob.id))[0]!.id, { read: true })
    await alice.edits(message, 'hello @bob and @carol')
    await world.worksOff()
    expect(await unread(world, bob)).toEqual([])
    expect(await unread(world, carol)).toEqual(['alice named you in General'])
    expect(await rung(world, bob.id)).toMatchObject([{ body: 'hello @bob and @carol' }])
  })

  test('an edit that takes one away tells who was named the text as it is now', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const message = await alice.post('@bob the password is swordfish')
    await world.worksOff()
    await alice.edits(message, 'never mind')
    await world.worksOff()
    expect(await rung(world, bob.id)).toMatchObject([{ body: 'never mind' }])
  })

  test('[N2] an edit that names another, and back, rings nobody twice; what waits for each stays counted', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    let message = await alice.post('@bob the password is swordfish')
    await world.worksOff()
    for (const body of ['@carol never mind', '@bob and @carol, well']) {
      message = await alice.edits(message, body)
      await world.worksOff()
      for (const person of [bob, carol]) {
        expect(await rung(world, person.id)).toMatchObject([{ body, roomId: 'general' }])
        expect(await mentions(world, person)).toBe(1)
      }
    }
    expect(world.failures).toEqual([])
  })

  test('[N2] no program takes the key of a message', async () => {
    await using world = await World.open()
    const admin = await world.person('prachi', 'admin')
    const screen = await admin.opens(world.opensNode(), [])
    const { refusal } = await screen.calls('notification.publish', { to: 'prachi', title: 'x', key: 'message:x' })
    expect(refusal?.code).toBe('malformed')
  })

  test('[N4] a deleted message rings no more, and takes back what it rang', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const soon = await alice.post('@bob at once')
    await alice.deletes(soon)
    await world.worksOff()
    expect(await rung(world, bob.id)).toEqual([])
    const later = await alice.post('@bob later')
    await world.worksOff()
    await alice.deletes(later)
    await world.worksOff()
    expect(await rung(world, bob.id)).toEqual([])
    expect(await mentions(world, bob)).toBe(0)
    expect((await world.table('counts')).find(({ userId }) => userId === bob.id)).toMatchObject({ unread: 0, unseen: 0 })
  })

  test('[N2] what one has deleted does not ring again', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const message = await alice.post('hello @bob')
    await world.worksOff()
    await bob.does('notification.delete', { id: (await rung(world, bob.id))[0]!.id })
    await alice.edits(message, 'hello again @bob')
    await world.worksOff()
    expect(await rung(world, bob.id)).toEqual([])
  })
})

describe('whom an edit names in addition', () => {
  /** Bob says something, carol and aman read it, and bob says it otherwise; aman is here. */
  async function edited(world: World, first: string, ...bodies: string[]) {
    const [bob, carol, aman] = await world.people('bob', 'carol', 'aman')
    let message = await bob.post(first)
    for (const person of [carol, aman]) await person.does('room.read', { roomId: 'general', readTo: message.n })
    for (const body of bodies) message = await bob.edits(message, body)
    await world.worksOff([aman])
    return { bob, carol, aman, message }
  }

  test('[N4] hears it also where they have read that far; reading the room again reads it', async () => {
    await using world = await World.open()
    const { bob, carol, aman, message } = await edited(world, 'look', '@carol review')
    const { n } = message
    expect(await unread(world, carol)).toEqual(['bob named you in General'])
    expect(await unread(world, aman)).toEqual([])
    expect(await place(world, carol, 'general')).toMatchObject({ mentions: 1, readTo: n })
    expect((await world.table('counts')).find(({ userId }) => userId === carol.id)).toMatchObject({ unread: 1, unseen: 1 })
    await carol.does('room.read', { roomId: 'general', readTo: n })
    expect(await place(world, carol, 'general')).toMatchObject({ mentions: 0, readTo: n })
    expect(await unread(world, carol)).toEqual([])
    await bob.edits(message, '@carol review, please')
    await world.worksOff()
    expect(await unread(world, carol)).toEqual([])
    expect(await rung(world, carol.id)).toMatchObject([{ body: '@carol review, please' }])
  })

  test.each<[string, string[], { carol: number; aman: number }]>([
    ['one who was named before has read it', ['@carol look', '@carol review'], { carol: 0, aman: 0 }],
    ['a later edit leaves the name', ['look', '@carol review', 'and @carol again'], { carol: 1, aman: 0 }],
    ['a later edit takes the name away', ['look', '@carol review', '@aman review'], { carol: 0, aman: 1 }],
    ['all are called', ['@here look', '@room look'], { carol: 1, aman: 1 }],
    ['all were called before', ['@room look', '@room and @here look'], { carol: 0, aman: 0 }],
    ['one of all who were called is named', ['@room look', '@room and @carol look'], { carol: 1, aman: 0 }],
    ['those who are here are called', ['@carol look', '@carol @here look'], { carol: 0, aman: 1 }],
  ])('it rings for nobody else: %s', async (_, [first, ...bodies], expected) => {
    await using world = await World.open()
    const { carol, aman } = await edited(world, first!, ...bodies)
    expect({ carol: (await unread(world, carol)).length, aman: (await unread(world, aman)).length }).toEqual(expected)
    expect(await world.table('jobs')).toEqual([])
    expect(world.failures).toEqual([])
  })
})

describe('everybody', () => {
  test('@room names all members, @here those who are here', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    await alice.post('@here look')
    await world.worksOff([alice, bob])
    expect(await unread(world, bob)).toEqual(['alice called everybody in General'])
    expect(await unread(world, carol)).toEqual([])
    await alice.post('@room look')
    await world.worksOff()
    for (const [person, count] of [
      [alice, 0],
      [bob, 2],
      [carol, 1],
    ] as const)
      expect(await unread(world, person)).toHaveLength(count)
  })

  test('@here takes as many as there may be', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    await arranges(carol, { notify: 'everything' })
    await alice.post('@here')
    const { id: jobId, input } = (await world.table('jobs'))[0]!
    const strangers = Array.from({ length: 35_000 }, (_, at) => `${at}`.padStart(8, '0') + bob.id.slice(8))
    const ring = { jobId, ...(JSON.parse(input) as object), online: [...strangers, bob.id], failed: [] }
    let position: object | null = { at: 0, afterUserId: '' }
    while (position) position = await world.operates('message.ring', { ...ring, ...position })
    expect(await unread(world, bob)).toEqual(['alice called everybody in General'])
    expect(await unread(world, carol)).toEqual(['alice in General'])
  })

  test('[W5] a room of many is rung in pieces, each person once', async () => {
    await using world = await World.open()
    const alice = await world.person('alice')
    const { id: roomId } = await alice.does<Room>('room.create', { name: 'Hall', kind: 'open' })
    const many = LISTENERS_MAX + 20
    const joins = async (username: string) => {
      const { id: userId } = await world.person(username)
      await world.operates('test.member', { roomId, userId, is: 'in' })
    }
    // Each is a write of its own, and all of them want the same lock.
    for (const some of chunks(
      Array.from({ length: many }, (_, at) => `bob${at}`),
      50,
    ))
      await Promise.all(some.map(joins))
    await alice.post('@room look', { roomId })
    await world.worksOff()
    const all = (await world.table('notifications')).filter((row) => row.roomId === roomId)
    expect(new Set(all.map(({ userId }) => userId)).size).toBe(many)
    expect(all).toHaveLength(many)
    expect(await world.table('jobs')).toEqual([])
  })
})

describe('a message that cannot ring', () => {
  test('[W5] holds up no other of its job, and rings when it can', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const [, second] = await alice.posts('@bob one', '@bob two', '@bob three')
    expect(await world.table('jobs')).toHaveLength(1)
    const spoils = (names: string) => world.operates('test.spoil', { id: second!.id, names })
    await spoils('no JSON')
    await world.worksOff()
    const told = async () => (await rung(world, bob.id)).map(({ body }) => body)
    expect(await told()).toEqual(['@bob one', '@bob three'])
    await world.worksOff()
    expect(world.failures).toContainEqual(expect.stringMatching(/is tried again$/))
    await spoils(JSON.stringify(second!.names))
    await world.worksOff()
    expect(await told()).toEqual(['@bob one', '@bob three', '@bob two'])
    expect(await world.table('jobs')).toEqual([])
  })
})

describe('an answer', () => {
  test('rings for who is answered, and answers what stands in the room', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const question = await bob.post('when?')
    const answer = await alice.does<Message>('message.post', { roomId: 'general', body: 'now', replyTo: question.id })
    expect(answer.replyTo).toBe(question.id)
    await world.worksOff()
    expect(await unread(world, bob)).toEqual(['alice answered you in General'])
    expect(await unread(world, carol)).toEqual([])

    const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', kind: 'closed' })
    const elsewhere = await alice.post('secret', { roomId })
    const answers = (replyTo: string) => carol.does<Message>('message.post', { roomId: 'general', body: 'what?', replyTo })
    await expect(answers(elsewhere.id)).rejects.toThrow('not-found')
    await expect(answers('nothing')).rejects.toThrow('not-found')
    await bob.deletes(question)
    await expect(answers(question.id)).rejects.toThrow('not-found')
  })
})

describe('how much one wants to hear of a room', () => {
  test('everything, or nothing', async () => {
    await using world = await World.open()
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    await arranges(bob, { notify: 'everything' })
    await arranges(carol, { notify: 'nothing' })
    await alice.post('hello')
    await alice.post('@carol @room')
    await world.worksOff()
    expect(await unread(world, bob)).toEqual(['alice in General', 'alice called everybody in General'])
    expect(await unread(world, carol)).toEqual([])
    expect(await mentions(world, bob)).toBe(2)
  })

  test('of a conversation everything, of a room what concerns one', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const { id: roomId } = await alice.does<Room>('direct.open', { people: [bob.id] })
    await alice.post('hello', { roomId })
    await alice.post('hello', {})
    await world.worksOff()
    expect(await unread(world, bob)).toEqual(['alice'])
    expect(await mentions(world, bob, roomId)).toBe(1)
  })

  test('nothing from whom one has blocked', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    await bob.does('block.create', { id: alice.id })
    await alice.post('hello @bob')
    await world.worksOff()
    expect(await unread(world, bob)).toEqual([])
  })
})

describe('what has rung', () => {
  test('[N4] is read with the room, up to where it is read', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const first = await alice.post('@bob one')
    const second = await alice.post('@bob two')
    await world.worksOff()
    expect(await mentions(world, bob)).toBe(2)
    expect(await bob.does<Place>('room.read', { roomId: 'general', readTo: first.n })).toMatchObject({ mentions: 1, readTo: first.n })
    expect(await unread(world, bob)).toHaveLength(1)
    await bob.does('room.read', { roomId: 'general', readTo: second.n })
    expect(await mentions(world, bob)).toBe(0)
    expect((await world.table('counts')).find(({ userId }) => userId === bob.id)).toMatchObject({ unread: 0 })
  })

  test('[N4] and was made unread again is read with the room, also where its marker stands already', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const { n } = await alice.post('@bob one')
    await world.worksOff()
    const again = { roomId: 'general', readTo: n }
    await bob.does('room.read', again)
    const [one] = await rung(world, bob.id)
    for (const [command, input] of [
      ['room.read', again],
      ['room.read-all', { rooms: [again] }],
    ] as const) {
      await bob.marks(one!.id, { read: false })
      expect(await place(world, bob, 'general')).toMatchObject({ mentions: 1, readTo: n })
      await bob.does(command, input)
      expect(await place(world, bob, 'general')).toMatchObject({ mentions: 0, readTo: n })
      expect(await unread(world, bob)).toEqual([])
    }
  })

  test('[N4] does not ring for who has read it meanwhile', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const { n } = await alice.post('@bob one')
    await bob.does('room.read', { roomId: 'general', readTo: n })
    await world.worksOff()
    expect(await rung(world, bob.id)).toEqual([])
  })

  test('counts in the room as long as it is unread, however it is read', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    await alice.post('@bob one')
    await alice.post('@bob two')
    await world.worksOff()
    const [one, two] = await rung(world, bob.id)
    await bob.marks(one!.id, { read: true })
    expect(await mentions(world, bob)).toBe(1)
    await bob.marks(one!.id, { read: false })
    expect(await mentions(world, bob)).toBe(2)
    await bob.does('notification.delete', { id: two!.id })
    expect(await mentions(world, bob)).toBe(1)
    await bob.marksAllRead(await world.seqOf(bob.topic))
    expect(await mentions(world, bob)).toBe(0)
  })

  test('waits for nobody who is no member any more', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', kind: 'closed' })
    await alice.does('member.add', { roomId, id: bob.id })
    await alice.post('@bob', { roomId })
    await world.worksOff()
    await alice.post('@bob again', { roomId })
    await alice.does('member.remove', { roomId, id: bob.id })
    await world.worksOff()
    expect(await unread(world, bob)).toEqual([])
    expect(await rung(world, bob.id)).toHaveLength(1)
    expect(world.failures).toEqual([])
  })

  test('nor for whoever is back at once: what was there before is read', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', kind: 'open' })
    await bob.does('room.join', { roomId })
    await alice.post('@bob', { roomId })
    await world.worksOff()
    await bob.does('room.leave', { roomId })
    await bob.does('room.join', { roomId })
    await alice.post('@bob again', { roomId })
    await world.worksOff()
    expect((await unread(world, bob)).length).toBe(1)
    expect(await mentions(world, bob, roomId)).toBe(1)
  })
})
