import type { Member, Place, Room } from '@belfry/protocol/rows.ts'
import { ID_MAX_AGE_MS } from '@belfry/protocol/limits.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { uuidTime, uuidv7 } from '@belfry/protocol/uuid.ts'
import { describe, expect, test } from 'vitest'
import { settles } from './settle.ts'
import { type Person, refusal, World } from './world.ts'

interface Stage {
  world: World
  alice: Person
  bob: Person
  carol: Person
}

async function threePeople(): Promise<Stage & AsyncDisposable> {
  const world = await World.open()
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  return { world, alice, bob, carol, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

function creates(person: Person, name: string, more: object = {}): Promise<Room & { duplicate?: true }> {
  return person.does('room.create', { name, kind: 'open', ...more })
}

function updates(person: Person, roomId: string, to: object): Promise<Room> {
  return person.does('room.update', { roomId, ...to })
}

/** Adds somebody, or gives them a role, or both. */
async function brings(owner: Person, roomId: string, [person, role = 'member']: [Person, Member['role']?]): Promise<void> {
  await owner.does('member.add', { roomId, id: person.id })
  if (role !== 'member') await owner.does('member.update', { roomId, id: person.id, role })
}

async function place({ world }: Stage, person: Person, roomId: string): Promise<Place | undefined> {
  return (await world.table('places')).find(({ id, userId }) => id === roomId && userId === person.id)
}

describe('making a room', () => {
  test('its maker owns it, and has a place in it', async () => {
    await using stage = await threePeople()
    const room = await creates(stage.alice, 'Den', { kind: 'closed', description: 'Where it is warm' })
    expect(room).toMatchObject({ name: 'Den', kind: 'closed', description: 'Where it is warm', posting: 'members', archivedAt: null })
    const members = await stage.world.table('members')
    expect(members.filter(({ roomId }) => roomId === room.id)).toMatchObject([{ id: stage.alice.id, role: 'owner', endedAt: null }])
    expect(await place(stage, stage.alice, room.id)).toMatchObject({ readTo: 0, endedAt: null })
    await stage.alice.post('hello', { roomId: room.id })
  })

  test('[W3] the same id again is the same room, of the same maker alone', async () => {
    await using stage = await threePeople()
    const id = uuidv7()
    const first = await creates(stage.alice, 'Den', { id })
    await updates(stage.alice, id, { name: 'The den' })
    expect(await creates(stage.alice, 'Den', { id })).toMatchObject({ id, name: 'The den', duplicate: true })
    expect(await refusal(creates(stage.bob, 'Den', { id }))).toBe('conflict')
    const old = uuidv7()
    // Other tests of this process may have made ids of later: they only grow.
    stage.world.clock.time = uuidTime(old) + ID_MAX_AGE_MS + 1
    expect(await refusal(creates(stage.bob, 'Old', { id: old }))).toBe('expired')
    expect(await stage.world.seqOf(roomTopic(first.id))).toBe(2)
  })

  test('open rooms have names of their own; [A3] that a closed one has a name is not given away', async () => {
    await using stage = await threePeople()
    await creates(stage.alice, 'Den', { kind: 'closed' })
    const open = await creates(stage.bob, 'den')
    expect(await refusal(creates(stage.carol, 'DEN'))).toBe('name-taken')
    const closed = await creates(stage.carol, 'Den', { kind: 'closed' })
    expect(await refusal(updates(stage.carol, closed.id, { kind: 'open' }))).toBe('name-taken')
    const tower = await creates(stage.carol, 'Tower')
    expect(await refusal(updates(stage.carol, tower.id, { name: 'Den' }))).toBe('name-taken')
    expect(await updates(stage.bob, open.id, { name: 'Den' })).toMatchObject({ name: 'Den' })
  })
})

describe('a room’s name', () => {
  test('is refused where it leaves no mark on a screen, as an empty one is', async () => {
    await using stage = await threePeople()
    const { id } = await creates(stage.alice, 'Den')
    const screen = await stage.alice.opens(stage.world.opensNode(), [])
    for (const name of ['', ' ', '\u{200B}', '\u{2060}\u{FEFF}', '\u{AD} \u{200E}']) {
      expect((await screen.calls('room.create', { name, kind: 'open' })).refusal?.code).toBe('malformed')
      expect((await screen.calls('room.update', { roomId: id, name })).refusal?.code).toBe('malformed')
    }
  })
})

describe('changing a room', () => {
  test('moderators rename and describe, owners do the rest, members and others neither', async () => {
    await using stage = await threePeople()
    const { alice, bob, carol } = stage
    const { id } = await creates(alice, 'Den')
    await brings(alice, id, [bob, 'moderator'])
    expect(await updates(bob, id, { name: 'The den', description: 'Warm' })).toMatchObject({ name: 'The den', description: 'Warm' })
    for (const change of [{ kind: 'closed' }, { posting: 'moderators' }, { archived: true }])
      expect(await refusal(updates(bob, id, change))).toBe('forbidden')
    expect(await refusal(updates(carol, id, { name: 'Mine' }))).toBe('forbidden')
    await brings(alice, id, [carol])
    expect(await refusal(updates(carol, id, { name: 'Mine' }))).toBe('forbidden')
    expect(await updates(alice, id, { kind: 'closed', posting: 'moderators' })).toMatchObject({ kind: 'closed', posting: 'moderators' })
  })

  test('an administrator acts as an owner in an open room; [A3] of a closed one they know no more than others', async () => {
    await using stage = await threePeople()
    const admin = await stage.world.person('prachi', 'admin')
    const open = await creates(stage.alice, 'Den')
    const closed = await creates(stage.alice, 'Cellar', { kind: 'closed' })
    expect(await updates(admin, open.id, { archived: true })).toMatchObject({ archivedAt: expect.any(Number) })
    expect(await refusal(updates(admin, closed.id, { name: 'Mine' }))).toBe('not-found')
    expect(await refusal(admin.does('member.add', { roomId: closed.id, id: admin.id }))).toBe('not-found')
  })

  test('what changes nothing spends no seq', async () => {
    await using stage = await threePeople()
    const { id } = await creates(stage.alice, 'Den')
    const seq = await stage.world.seqOf(roomTopic(id))
    await updates(stage.alice, id, { name: 'Den', archived: false })
    expect(await stage.world.seqOf(roomTopic(id))).toBe(seq)
  })

  test('General stays open and in use, and nobody leaves it', async () => {
    await using stage = await threePeople()
    const admin = await stage.world.person('prachi', 'admin')
    expect(await updates(admin, 'general', { name: 'Everyone' })).toMatchObject({ name: 'Everyone' })
    for (const change of [{ kind: 'closed' }, { archived: true }])
      expect(await refusal(updates(admin, 'general', change))).toBe('forbidden')
    expect(await refusal(stage.alice.does('room.leave', { roomId: 'general' }))).toBe('forbidden')
    expect(await refusal(admin.does('member.remove', { roomId: 'general', id: stage.alice.id }))).toBe('forbidden')
  })

  test('[A2] closing it stops those who only read it, at once', async () => {
    await using stage = await threePeople()
    const { world, alice, bob, carol } = stage
    const { id } = await creates(alice, 'Den')
    await bob.does('room.join', { roomId: id })
    const node = world.opensNode()
    const [his, hers] = [await bob.opens(node, [[roomTopic(id)]]), await carol.opens(node, [[roomTopic(id)]])]
    await updates(alice, id, { kind: 'closed', name: 'Secret' })
    await alice.post('among us', { roomId: id })
    await settles()
    expect(his.bodies(roomTopic(id))).toEqual(['among us'])
    expect(JSON.stringify(hers.frames)).not.toMatch(/Secret|among us/)
    expect(hers.told('unfollowed', roomTopic(id))).toHaveLength(1)
  })
})

describe('writing in a room', () => {
  test('an archived one is read, and nothing more; brought back it goes on', async () => {
    await using stage = await threePeople()
    const { alice, bob, carol } = stage
    const { id: roomId } = await creates(alice, 'Den')
    await brings(alice, roomId, [bob])
    const message = await bob.post('before', { roomId })
    await updates(alice, roomId, { archived: true })
    expect(await refusal(bob.post('after', { roomId }))).toBe('archived')
    expect(await refusal(bob.edits(message, 'changed'))).toBe('archived')
    expect(await refusal(carol.does('room.join', { roomId }))).toBe('archived')
    expect(await refusal(alice.does('member.add', { roomId, id: carol.id }))).toBe('archived')
    expect(await bob.edits(message, 'before')).toMatchObject({ body: 'before' })
    await updates(alice, roomId, { archived: false })
    expect(await bob.post('after', { roomId })).toMatchObject({ n: 2 })
  })

  test('where moderators write alone, members read: an edit is writing; what they wrote before they delete, and they react', async () => {
    await using stage = await threePeople()
    const { alice, bob, carol } = stage
    const { id: roomId } = await creates(alice, 'News')
    await brings(alice, roomId, [bob, 'moderator'])
    await brings(alice, roomId, [carol])
    const message = await carol.post('before', { roomId })
    const bobs = await bob.post('before', { roomId })
    await updates(alice, roomId, { posting: 'moderators' })
    const many = await Promise.allSettled([carol.post('no', { roomId }), bob.post('yes', { roomId }), alice.post('yes', { roomId })])
    expect(many.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(await refusal(carol.post('no', { roomId }))).toBe('forbidden')
    const edit = carol.edits(message, 'look here, @room')
    await expect(edit).rejects.toMatchObject({ body: { code: 'forbidden', detail: 'Only moderators and owners write in this room.' } })
    // Sent again, an edit that was stored before is answered [W2].
    expect(await carol.edits(message, 'before')).toMatchObject({ body: 'before', editedAt: null })
    expect(await carol.does('reaction.add', { roomId, id: message.id, emoji: '🎉' })).toMatchObject({ emoji: '🎉' })
    expect(await carol.deletes(message)).toMatchObject({ body: '', deletedAt: expect.any(Number) })
    expect(await bob.edits(bobs, 'better')).toMatchObject({ body: 'better' })
  })

  test('moderators delete what others wrote; [A3] to members it is not theirs', async () => {
    await using stage = await threePeople()
    const { alice, bob, carol } = stage
    const { id: roomId } = await creates(alice, 'Den')
    await brings(alice, roomId, [bob, 'moderator'])
    await brings(alice, roomId, [carol])
    const message = await alice.post('rude', { roomId })
    expect(await refusal(carol.deletes(message))).toBe('not-found')
    expect(await refusal(bob.edits(message, 'polite'))).toBe('not-found')
    expect(await bob.deletes(message)).toMatchObject({ body: '', deletedAt: expect.any(Number) })
  })
})

describe('coming and going', () => {
  test('a new member’s read marker stands at the end, also of who comes back; the place ends with the membership', async () => {
    await using stage = await threePeople()
    const { alice, bob } = stage
    const { id: roomId } = await creates(alice, 'Den')
    for (const body of ['one', 'two']) await alice.post(body, { roomId })
    await bob.does('room.join', { roomId })
    expect(await place(stage, bob, roomId)).toMatchObject({ readTo: 2, endedAt: null })
    const left = await bob.does<Member>('room.leave', { roomId })
    expect(left.endedAt).not.toBeNull()
    expect(await bob.does('room.leave', { roomId })).toEqual(left)
    expect(await place(stage, bob, roomId)).toMatchObject({ endedAt: expect.any(Number) })
    await alice.post('three', { roomId })
    expect(await bob.does('room.join', { roomId })).toMatchObject({ role: 'member', endedAt: null })
    expect(await place(stage, bob, roomId)).toMatchObject({ readTo: 3, endedAt: null })
  })

  test('an administrator who is in an open room acts there as an owner', async () => {
    await using stage = await threePeople()
    const admin = await stage.world.person('prachi', 'admin')
    const message = await stage.alice.post('rude')
    expect(await admin.deletes(message)).toMatchObject({ body: '' })
    await updates(admin, 'general', { posting: 'moderators' })
    expect(await refusal(stage.alice.post('no'))).toBe('forbidden')
    expect(await admin.post('from me')).toMatchObject({ n: 2 })
  })

  test('whoever closes a room that has no owner owns it', async () => {
    await using stage = await threePeople()
    const { world, alice } = stage
    const admin = await world.person('prachi', 'admin')
    await world.operates('test.room', { id: 'old', name: 'Old', kind: 'open' })
    await alice.does('room.join', { roomId: 'old' })
    await updates(admin, 'old', { kind: 'closed' })
    const members = (await world.table('members')).filter(({ roomId }) => roomId === 'old')
    expect(members.find(({ role }) => role === 'owner')?.id).toBe(admin.id)
    await updates(admin, 'old', { kind: 'open' })
  })

  test('[A3] whoever made a closed room and was removed learns no more of it by its id', async () => {
    await using stage = await threePeople()
    const { alice, bob } = stage
    const { id } = await creates(alice, 'Den', { kind: 'closed' })
    await brings(alice, id, [bob, 'owner'])
    await bob.does('member.remove', { roomId: id, id: alice.id })
    expect(await refusal(creates(alice, 'Den', { kind: 'closed', id }))).toBe('conflict')
  })

  test('an owner who cannot sign in is none for the last one', async () => {
    await using stage = await threePeople()
    const { world, alice, bob } = stage
    const { id: roomId } = await creates(alice, 'Den')
    await brings(alice, roomId, [bob, 'owner'])
    await world.disables(bob)
    expect(await refusal(alice.does('room.leave', { roomId }))).toBe('last-owner')
  })

  test('the last owner stays until another one is named', async () => {
    await using stage = await threePeople()
    const { alice, bob } = stage
    const { id: roomId } = await creates(alice, 'Den')
    await brings(alice, roomId, [bob])
    const toMember = { roomId, id: alice.id, role: 'member' }
    for (const [name, input] of [
      ['room.leave', { roomId }],
      ['member.update', toMember],
      ['member.remove', { roomId, id: alice.id }],
    ] as const)
      expect(await refusal(alice.does(name, input))).toBe('last-owner')
    await alice.does('member.update', { roomId, id: bob.id, role: 'owner' })
    const both = await Promise.allSettled([alice.does('room.leave', { roomId }), bob.does('room.leave', { roomId })])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('of an open room any member adds others, of a closed one its moderators', async () => {
    await using stage = await threePeople()
    const { world, alice, bob, carol } = stage
    const aman = await world.person('aman')
    const open = await creates(alice, 'Den')
    expect(await refusal(bob.does('member.add', { roomId: open.id, id: carol.id }))).toBe('forbidden')
    await bob.does('room.join', { roomId: open.id })
    expect(await bob.does('member.add', { roomId: open.id, id: carol.id })).toMatchObject({ id: carol.id, role: 'member' })
    expect(await bob.does('member.add', { roomId: open.id, id: carol.id })).toMatchObject({ duplicate: true })

    const closed = await creates(alice, 'Cellar', { kind: 'closed' })
    await brings(alice, closed.id, [bob])
    expect(await refusal(bob.does('member.add', { roomId: closed.id, id: carol.id }))).toBe('forbidden')
    await alice.does('member.update', { roomId: closed.id, id: bob.id, role: 'moderator' })
    await bob.does('member.add', { roomId: closed.id, id: carol.id })
    expect(await refusal(aman.does('member.add', { roomId: closed.id, id: aman.id }))).toBe('not-found')
    await world.disables(aman)
    expect(await refusal(alice.does('member.add', { roomId: closed.id, id: aman.id }))).toBe('not-found')
    expect(await refusal(alice.does('member.add', { roomId: closed.id, id: 'nobody' }))).toBe('not-found')
  })

  test('moderators remove members, owners anybody; roles are the owners’ to give', async () => {
    await using stage = await threePeople()
    const { world, alice, bob, carol } = stage
    const aman = await world.person('aman')
    const { id: roomId } = await creates(alice, 'Den')
    await brings(alice, roomId, [bob, 'moderator'])
    await brings(alice, roomId, [carol, 'moderator'])
    await brings(alice, roomId, [aman])
    expect(await refusal(aman.does('member.remove', { roomId, id: bob.id }))).toBe('forbidden')
    expect(await refusal(bob.does('member.remove', { roomId, id: carol.id }))).toBe('forbidden')
    expect(await refusal(bob.does('member.update', { roomId, id: aman.id, role: 'moderator' }))).toBe('forbidden')
    expect(await bob.does('member.remove', { roomId, id: aman.id })).toMatchObject({ endedAt: expect.any(Number) })
    expect(await refusal(bob.does('member.remove', { roomId, id: aman.id }))).toBe('not-found')
    await alice.does('member.remove', { roomId, id: carol.id })
    // Whoever was a moderator comes back as a member.
    expect(await carol.does('room.join', { roomId })).toMatchObject({ role: 'member' })
  })

  test('[A2] who is added is told by their own topic, and who is removed sees nothing more, on every device', async () => {
    await using stage = await threePeople()
    const { world, alice, bob } = stage
    const node = world.opensNode()
    const screens = [await bob.opens(node, []), await bob.onAnotherDevice(await world.signsIn(bob.id)).opens(node, [])]
    const { id: roomId } = await creates(alice, 'Cellar', { kind: 'closed' })
    await brings(alice, roomId, [bob])
    await settles()
    for (const screen of screens) {
      expect(screen.rows(bob.topic, 'place')).toContainEqual(expect.objectContaining({ id: roomId, endedAt: null }))
      expect((await screen.follows(roomTopic(roomId))).refusal).toBeUndefined()
    }
    await alice.does('member.remove', { roomId, id: bob.id })
    await alice.post('without him', { roomId })
    await settles()
    for (const screen of screens) {
      expect(JSON.stringify(screen.frames)).not.toContain('without him')
      expect(screen.told('unfollowed', roomTopic(roomId))).toHaveLength(1)
      expect(screen.rows(bob.topic, 'place')).toContainEqual(expect.objectContaining({ id: roomId, endedAt: expect.any(Number) }))
    }
  })
})

test('[A1] members are listed by role and name, page by page, to whoever may read the room', async () => {
  await using stage = await threePeople()
  const { world, alice, bob, carol } = stage
  const { id: roomId } = await creates(alice, 'Cellar', { kind: 'closed' })
  await brings(alice, roomId, [carol, 'moderator'])
  await brings(alice, roomId, [bob])
  const aman = await world.person('aman')
  await brings(alice, roomId, [aman])
  await alice.does('member.remove', { roomId, id: aman.id })
  const screen = await bob.opens(world.opensNode(), [])
  const page = async (more: object) => {
    const { result } = await screen.calls('member.list', { roomId, limit: 2, ...more })
    return result as { items: Member[]; next: string | null; total: number }
  }
  const first = await page({})
  expect(first).toMatchObject({
    items: [
      { id: alice.id, role: 'owner' },
      { id: carol.id, role: 'moderator' },
    ],
    total: 3,
  })
  expect(await page({ cursor: first.next })).toMatchObject({ items: [{ id: bob.id, role: 'member' }], next: null, total: 3 })
  const his = await aman.opens(world.opensNode(), [])
  expect((await his.calls('member.list', { roomId })).refusal?.code).toBe('not-found')
})

test('those whose names begin with what is sought come before those that only hold it', async () => {
  await using stage = await threePeople()
  const { world, alice, carol } = stage
  const prachi = await world.person('prachi')
  const { id: roomId } = await creates(alice, 'Cellar')
  for (const one of [carol, prachi]) await brings(alice, roomId, [one])
  const screen = await alice.opens(world.opensNode(), [])
  const found = async (name: string, input: object) => {
    const { result } = await screen.calls(name, input)
    const { items, next } = result as { items: { id: string }[]; next?: string | null }
    return { ids: items.map(({ id }) => id), next }
  }
  const first = await found('member.list', { roomId, query: 'C', limit: 2 })
  expect(first.ids).toEqual([carol.id, alice.id])
  expect((await found('member.list', { roomId, query: 'C', limit: 2, cursor: first.next })).ids).toEqual([prachi.id])
  // Behind them, maybe, whoever has it in their id.
  expect((await found('user.find', { query: 'c' })).ids.slice(0, 3)).toEqual([carol.id, alice.id, prachi.id])
  // No name holds these.
  expect((await found('user.find', { query: carol.id })).ids).toEqual([carol.id])
  expect((await found('member.list', { roomId, query: carol.id })).ids).toEqual([carol.id])
  await carol.does('me.update', { name: 'Zoe Aman' })
  expect((await found('user.find', { query: 'am' })).ids).toEqual([carol.id])
  expect((await found('user.find', { query: 'a' })).ids.slice(0, 3)).toEqual([alice.id, carol.id, prachi.id])
})
