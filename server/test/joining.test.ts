import { describe, expect, test } from 'vitest'
import { openWorld } from './http-world.ts'
import { settles } from './settle.ts'
import { testWrites } from './test-writes.ts'
import { refusal, World } from './world.ts'

const JOINED = { roomId: 'garden', role: 'member', endedAt: null }

describe('joining a room', () => {
  test('one may read an open room and, once a member, write there; who follows sees who has come', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    await world.operates('test.room', { id: 'garden', name: 'Garden', kind: 'open' })
    const node = world.opensNode()
    const hers = await alice.opens(node, [['room:garden']])
    expect(await refusal(bob.post('hello', { roomId: 'garden' }))).toBe('not-found')
    expect(await bob.does('room.join', { roomId: 'garden' })).toMatchObject({ ...JOINED, id: bob.id, joinedAt: world.clock.now() })
    await bob.post('hello', { roomId: 'garden' })
    await settles()
    expect(hers.rows('room:garden', 'member')).toMatchObject([{ ...JOINED, id: bob.id }])
    expect(hers.bodies('room:garden')).toEqual(['hello'])
  })

  test('[W3] twice is no mistake: the same row again, and no seq is spent', async () => {
    await using world = await World.open()
    const bob = await world.person('bob')
    await world.operates('test.room', { id: 'garden', name: 'Garden', kind: 'open' })
    const both = await Promise.all([
      bob.does<object>('room.join', { roomId: 'garden' }),
      bob.does<object>('room.join', { roomId: 'garden' }),
    ])
    const [first, second] = both.toSorted((one, other) => Number('duplicate' in one) - Number('duplicate' in other))
    expect(first).not.toHaveProperty('duplicate')
    expect(second).toEqual({ ...first, duplicate: true })
    expect(await world.seqOf('room:garden')).toBe(2)
  })

  test('who had left is back, and follows on', async () => {
    await using world = await World.open()
    const bob = await world.person('bob')
    await world.operates('test.room', { id: 'garden', name: 'Garden', kind: 'open' })
    const his = await bob.opens(world.opensNode(), [['room:garden']])
    await bob.does('room.join', { roomId: 'garden' })
    await world.operates('test.member', { roomId: 'garden', userId: bob.id, is: 'out' })
    expect(await refusal(bob.post('gone', { roomId: 'garden' }))).toBe('not-found')
    expect(await bob.does('room.join', { roomId: 'garden' })).toMatchObject({ ...JOINED, id: bob.id })
    await bob.post('back', { roomId: 'garden' })
    await settles()
    expect(his.bodies('room:garden')).toEqual(['back'])
  })

  test('[A3] a room that is not open, or not there, is not found; a member of a closed one is told so', async () => {
    await using world = await World.open()
    const [alice, bob] = await world.people('alice', 'bob')
    await world.operates('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
    await world.operates('test.member', { roomId: 'cellar', userId: alice.id, is: 'in' })
    expect(await refusal(bob.does('room.join', { roomId: 'cellar' }))).toBe('not-found')
    expect(await refusal(bob.does('room.join', { roomId: 'nowhere' }))).toBe('not-found')
    expect(await alice.does('room.join', { roomId: 'cellar' })).toMatchObject({ id: alice.id, duplicate: true })
    await world.operates('test.member', { roomId: 'cellar', userId: alice.id, is: 'out' })
    expect(await refusal(alice.does('room.join', { roomId: 'cellar' }))).toBe('not-found')
    expect((await world.table('members')).filter(({ roomId }) => roomId === 'cellar')).toHaveLength(1)
  })

  test('[A4] needs a session that stands', async () => {
    await using world = await World.open()
    const bob = await world.person('bob')
    await bob.signsOut()
    expect(await refusal(bob.does('room.join', { roomId: 'general' }))).toBe('unauthenticated')
  })

  test('over HTTP: 201 when one comes, 200 when one was there', async () => {
    await using world = await openWorld({ writes: testWrites })
    const bob = await world.person('bob')
    await world.operate('test.room', { id: 'garden', name: 'Garden', kind: 'open' })
    expect(await bob.post('/rooms/garden/members')).toMatchObject({ status: 201, body: { ...JOINED, id: bob.user.id } })
    expect(await bob.post('/rooms/garden/members')).toMatchObject({ status: 200, body: { id: bob.user.id, duplicate: true } })
    expect((await bob.post('/rooms/nowhere/members')).body).toMatchObject({ status: 404, code: 'not-found' })
  })
})

test('[A1] the list of rooms holds one’s own and the open ones, and says which is which', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  await world.operates('test.room', { id: 'garden', name: 'Garden', kind: 'open' })
  await world.operates('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
  await world.operates('test.room', { id: 'attic', name: 'Attic', kind: 'closed' })
  await world.operates('test.member', { roomId: 'cellar', userId: alice.id, is: 'in' })
  await world.operates('test.member', { roomId: 'attic', userId: alice.id, is: 'out' })
  await alice.post('hello')
  const node = world.opensNode()
  const listOf = async (person: typeof alice) => {
    const { result } = await (await person.opens(node)).calls('room.list', {})
    return (result as { items: { id: string; role: string | null; posted: number }[] }).items.map(({ id, role, posted }) => [
      id,
      role,
      posted,
    ])
  }
  expect(await listOf(alice)).toEqual([
    ['cellar', 'member', 0],
    ['garden', null, 0],
    ['general', 'member', 1],
  ])
  expect(await listOf(bob)).toEqual([
    ['garden', null, 0],
    ['general', 'member', 1],
  ])
  await bob.does('room.join', { roomId: 'garden' })
  expect(await listOf(bob)).toContainEqual(['garden', 'member', 0])
})
