import type { Message, Room } from '@belfry/protocol/rows.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { expect, test } from 'vitest'
import { isUnreachable, triesOf } from '#store/postgres/trouble.ts'
import type { Tx } from '#store/tx.ts'
import { onServer } from './database.ts'
import { isWaited, OPERATOR, whileLocked, whileOthersPost } from './postgres-nodes.ts'
import { settles, until } from './settle.ts'
import { testWrites } from './test-writes.ts'
import { refusal, World } from './world.ts'

test('[W7] [N4] a message that is deleted while it is about to ring rings for nobody', async () => {
  await using world = await World.open()
  const [alice] = await world.people('alice', 'bob')
  const { id } = await alice.post('@bob the password is swordfish')
  let rings = Promise.resolve()
  await whileLocked(world, 'room:general', async (client, isWaitedFor) => {
    rings = world.worksOff()
    await isWaitedFor()
    await client.query(`UPDATE messages SET body = '', names = '{}', "deletedAt" = 1 WHERE id = $1`, [id])
  })
  await rings
  expect(await world.table('notifications')).toEqual([])
  expect(world.failures).toEqual([])
})

test('[W7] [N3] what rang is read while its message’s end takes it back: the counts stay right', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const message = await alice.post('@bob the password is swordfish')
  await world.worksOff()
  await alice.deletes(message)
  let takesBack = Promise.resolve()
  await whileLocked(world, bob.topic, async (client, isWaitedFor) => {
    takesBack = world.worksOff()
    await isWaitedFor()
    await client.query('UPDATE notifications SET "readAt" = 1, "seenAt" = 1')
    await client.query('UPDATE counts SET unread = 0, unseen = 0 WHERE "userId" = $1', [bob.id])
  })
  await takesBack
  expect(await world.table('notifications')).toMatchObject([{ title: '', readAt: 1, deletedAt: expect.any(Number) as number }])
  expect((await world.table('counts')).find(({ userId }) => userId === bob.id)).toMatchObject({ unread: 0, unseen: 0 })
})

test('[W7] [N3] whom a message rings for reads it at that moment: it rings for the others, as they were before', async () => {
  await using world = await World.open()
  const [alice, bob, carol, prachi] = await world.people('alice', 'bob', 'carol', 'prachi')
  await alice.post('@bob @prachi')
  let rings = Promise.resolve()
  await whileLocked(world, bob.topic, async (client, isWaitedFor) => {
    rings = world.worksOff()
    await isWaitedFor()
    await client.query(`UPDATE places SET "readTo" = 1 WHERE "userId" = $1`, [bob.id])
    await client.query(`UPDATE places SET notify = 'everything' WHERE "userId" = $1`, [carol.id])
  })
  await rings
  expect((await world.table('notifications')).map(({ userId }) => userId)).toEqual([prachi.id])
})

test('[W3] an id that another takes at the same moment, in another room, stays theirs', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const { id: roomId } = await bob.does<Room>('room.create', { name: 'other', kind: 'open' })
  const theirs = await bob.post('theirs', { roomId })
  const id = uuidv7()
  let answer = Promise.resolve('')
  await onServer(world.databaseUrl!, async (client) => {
    await client.query('BEGIN')
    await client.query('UPDATE messages SET id = $1 WHERE id = $2', [id, theirs.id])
    answer = refusal(Promise.all([alice.post('mine', { id }), alice.post('beside it')]))
    await isWaited(client)
    await client.query('COMMIT')
  })
  expect(await answer).toBe('conflict')
  await settles()
  const stored = (await world.table('messages')).map((message: Message) => [message.body, message.roomId, message.id === id])
  expect(new Set(stored)).toEqual(
    new Set([
      ['beside it', 'general', false],
      ['theirs', roomId, true],
    ]),
  )
})

test('[W4] several that wait while another node writes to their room take along what comes meanwhile: all of it is one commit', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const { commits } = world.store.queue.stats
  const posted: Promise<Message>[] = []
  await whileOthersPost(world, async (_client, isWaitedFor) => {
    posted.push(alice.post('first'), bob.post('second'))
    await isWaitedFor()
    posted.push(alice.post('third'), bob.post('fourth'))
    await until(() => world.store.queue.underWay === 4)
  })
  expect((await Promise.all(posted)).map(({ n }) => n)).toEqual([1, 2, 3, 4])
  expect(world.store.queue.stats.commits).toBe(commits + 1)
})

test('[W4] each of those that were taken along gets its own answer, and one that cannot be stored keeps no other from being stored', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const answers: Promise<unknown>[] = []
  await whileOthersPost(world, async (_client, isWaitedFor) => {
    answers.push(alice.post('first'), alice.post('second'))
    await isWaitedFor()
    answers.push(alice.does('message.post', { roomId: 'general', body: { toString: null } }), alice.post('fourth'))
    await until(() => world.store.queue.underWay === 4)
  })
  const settled = await Promise.allSettled(answers)
  expect(settled.map((one) => (one.status === 'fulfilled' ? (one.value as Message).body : one.status))).toEqual([
    'first',
    'second',
    'rejected',
    'fourth',
  ])
  expect((await world.table('messages')).map(({ n }) => n)).toEqual([1, 2, 3])
})

test('a refusal leaves nothing behind, also of a room that there never was', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const before = await world.table('topics')
  const answers = await Promise.all([alice, bob, alice].map((person) => refusal(person.post('x', { roomId: 'nowhere' }))))
  expect(answers).toEqual(['not-found', 'not-found', 'not-found'])
  expect(await world.table('topics')).toEqual(before)
})

test('[W7] also what has no row yet is locked by one at a time', async () => {
  let inside = 0
  const together: number[] = []
  const enters = async (tx: Tx) => {
    await tx.lock('room:nowhere')
    together.push((inside += 1))
    await tx.db.selectFrom('rooms').select('id').execute()
    inside -= 1
    return null
  }
  await using world = await World.open({ writes: { ...testWrites, 'test.enters': { one: enters } } })
  await Promise.all(Array.from({ length: 8 }, () => world.store.write({ name: 'test.enters', input: {}, actor: OPERATOR })))
  expect(together).toEqual(Array.from({ length: 8 }, () => 1))
})

test('what fails is a race, a server that is away, or neither', () => {
  const failing = (code: string) => Object.assign(new Error(code), { code })
  const tries = ['40001', '40P01', '23505', '55P03', '57014', '42P01'].map((code) => triesOf(failing(code)))
  expect(tries).toEqual([5, 5, 2, 1, 1, 1])
  const away = ['53200', '53300', '53400', '57P01', '57P04', '57P05', '25006', '08006']
  expect(away.filter((code) => !isUnreachable(failing(code)))).toEqual([])
  expect(['53100', '23505', '42P01'].filter((code) => isUnreachable(failing(code)))).toEqual([])
})
