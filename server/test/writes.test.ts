import type { Message } from '@belfry/protocol/rows.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { describe, expect, test } from 'vitest'
import { refusal, World } from './world.ts'

const DAY_MS = 24 * 60 * 60 * 1000

function madeDaysAgo(world: World, days: number): string {
  const at = world.clock.now() - days * DAY_MS
  const hex = at.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8abc-${uuidv7().slice(24)}`
}

describe('what a write is', () => {
  test('[W1] a write is announced after its commit, its rows as they are stored', async () => {
    await using world = await World.open()
    const alice = await world.person('alice')
    const message = await alice.post('one')
    expect(world.announced.at(-1)).toEqual({
      epoch: world.store.epoch,
      topic: 'room:general',
      prev: message.changed - 1,
      seq: message.changed,
      rows: { message: [message] },
    })
    expect(await world.table('messages')).toEqual([message])
  })

  test('[W1] a row that a write touches twice is announced once, in its last state, at one seq', async () => {
    await using world = await World.open()
    await world.operates('test.room', { id: 'tower', name: 'Tower', kind: 'open' })
    await world.operates('test.twice', { id: 'tower', names: ['first', 'second'] })
    const { prev, seq, rows } = world.announced.at(-1)!
    expect([prev, seq]).toEqual([1, 2])
    expect(rows.room?.map((room) => room.name)).toEqual(['second'])
    expect((await world.table('rooms')).find((room) => room.id === 'tower')?.name).toBe('second')
  })

  test('[W1] [W2] a refusal and a failure store nothing, announce nothing and spend no seq', async () => {
    await using world = await World.open()
    await world.operates('test.room', { id: 'tower', name: 'Tower', kind: 'open' })
    const announced = world.announced.length
    expect(await refusal(world.operates('test.refuse', { id: 'tower' }))).toBe('stale')
    expect(await refusal(world.operates('test.fail', { id: 'tower' }))).toBe('internal')
    expect(world.announced).toHaveLength(announced)
    expect((await world.table('rooms')).find((room) => room.id === 'tower')?.name).toBe('Tower')
    expect(await world.seqOf('room:tower')).toBe(1)
    expect(world.failures).toHaveLength(1)
  })

  test('[W4] a write that changes nothing spends no seq', async () => {
    await using world = await World.open()
    const [alice] = await world.people('alice')
    const message = await alice.post('one')
    await alice.deletes(message)
    const before = await world.table('topics')
    await alice.deletes(message)
    expect((await alice.post('one', { id: message.id })).duplicate).toBe(true)
    await alice.marksAllRead(1_000)
    expect(await world.table('topics')).toEqual(before)
  })
})

describe('ids', () => {
  test('[W3] the same id again gets the row as it is now, also within one batch', async () => {
    await using world = await World.open()
    const alice = await world.person('alice')
    const id = uuidv7()
    const [first, again] = await Promise.all([alice.post('one', { id }), alice.post('one', { id })])
    expect(first).not.toHaveProperty('duplicate')
    expect(again).toEqual({ ...first, duplicate: true })
    const edited = await alice.edits(first, 'two')
    expect(await alice.post('one', { id })).toEqual({ ...edited, duplicate: true })
    expect(await world.table('messages')).toHaveLength(1)
  })

  test('[W3] somebody else, or another room, gets a conflict that tells nothing of the row', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.post('a secret')
    const stolen = await bob.post('mine', { id }).catch((error: Error & { body: object }) => error.body)
    expect(stolen).toEqual({ code: 'conflict', detail: expect.any(String) as string })
    expect(JSON.stringify(stolen)).not.toContain('secret')
    expect(await refusal(alice.post('elsewhere', { id, roomId: 'tower' }))).toBe('conflict')
  })

  test('[W3] an id that is older than 30 days is refused, unless its message is there', async () => {
    await using world = await World.open()
    const alice = await world.person('alice')
    expect(await refusal(alice.post('late', { id: madeDaysAgo(world, 31) }))).toBe('expired')
    const id = madeDaysAgo(world, 29)
    await alice.post('in time', { id })
    world.clock.passes(5 * DAY_MS)
    expect(await alice.post('in time', { id })).toMatchObject({ duplicate: true })
  })

  test('[W3] who is no member any more gets the answer to what was stored before, and nothing new', async () => {
    await using world = await World.open()
    const alice = await world.person('alice')
    const message = await alice.post('one')
    await world.operates('test.member', { roomId: 'general', userId: alice.id, is: 'out' })
    expect(await alice.post('one', { id: message.id })).toEqual({ ...message, duplicate: true })
    expect(await refusal(alice.post('two'))).toBe('not-found')
  })

  test('[W3] an edit says which state it saw; otherwise it is stale and gets the row', async () => {
    await using world = await World.open()
    const alice = await world.person('alice')
    const message = await alice.post('one')
    const edited = await alice.edits(message, 'two')
    const late = await alice.edits(message, 'three').catch((error: Error & { body: object }) => error.body)
    expect(late).toMatchObject({ code: 'stale', row: edited })
    expect(await alice.edits(message, 'two')).toEqual(edited)
  })
})

describe('[A3] other people', () => {
  test('[A3] their messages and rooms answer not-found, whatever is asked', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    await world.operates('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
    await world.operates('test.member', { roomId: 'cellar', userId: alice.id, is: 'in' })
    const hers = await alice.post('one')
    const hidden = await alice.post('hidden', { roomId: 'cellar' })
    const gone: Message = { ...hers, id: uuidv7() }
    for (const message of [hers, hidden, gone]) {
      expect(await refusal(bob.edits(message, 'mine'))).toBe('not-found')
      expect(await refusal(bob.deletes(message))).toBe('not-found')
    }
    expect(await refusal(bob.post('hello', { roomId: 'cellar' }))).toBe('not-found')
    expect(await refusal(bob.post('hello', { roomId: 'nowhere' }))).toBe('not-found')
  })

  test('[A3] a deleted message cannot be edited, and its tombstone has no text', async () => {
    await using world = await World.open()
    const alice = await world.person('alice')
    const message = await alice.post('to be forgotten')
    const tombstone = await alice.deletes(message)
    expect(tombstone).toMatchObject({ body: '', deletedAt: world.clock.now(), n: message.n })
    expect(await refusal(alice.edits(tombstone, 'back'))).toBe('not-found')
  })
})
