import { rmSync } from 'node:fs'
import pg from 'pg'
import { expect, test } from 'vitest'
import { topicCounter } from '#store/topics.ts'
import { databaseOf, dropDatabase } from './database.ts'
import { memoryFolder } from './memory-folder.ts'
import { testWrites } from './test-writes.ts'
import { refusal, World } from './world.ts'

test('[F2] [F6] a read is one snapshot: what is committed meanwhile is not in it', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const count = () => world.store.read(async (db) => (await db.selectFrom('messages').select('id').execute()).length)
  const [before, after] = await world.store.read(async (db) => {
    const { seq } = await topicCounter(db, 'room:general')
    await alice.post('meanwhile')
    const rows = await db.selectFrom('messages').select('id').execute()
    return [[seq, rows.length], (await topicCounter(db, 'room:general')).seq]
  })
  expect(before).toEqual([after, 0])
  expect(await count()).toBe(1)
})

test('[F8] a database keeps its epoch', async () => {
  const folder = memoryFolder('epoch')
  const epochs = new Set<string>()
  for (let times = 0; times < 2; times++) {
    await using world = await World.open({ folder })
    epochs.add(world.store.epoch)
  }
  expect(epochs.size).toBe(1)
  rmSync(folder, { recursive: true })
  await dropDatabase(await databaseOf(folder))
})

test('[W2] a full disk is told to the caller with when to come again', async () => {
  // As SQLite says it, and as PostgreSQL does.
  const full = Object.assign(new pg.DatabaseError('full', 0, 'error'), { errcode: 13, code: '53100' })
  await using world = await World.open({ writes: { ...testWrites, 'test.full': { one: () => Promise.reject(full) } } })
  const refused = await world.operates('test.full', {}).catch((error: Error & { body: object }) => error.body)
  expect(refused).toMatchObject({ code: 'unavailable', retryAfterMs: 5_000 })
})

test('[N2] the same idempotency key acts once and gets the first answer; for another request it is refused', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const once = { caller: alice.id, key: 'k', fingerprint: 'f' }
  const post = (more = {}) => alice.does('message.post', { roomId: 'general', body: 'one' }, { once, ...more })
  const [first, again] = await Promise.all([post(), post()])
  expect(again).toEqual(first)
  expect(await refusal(post({ once: { ...once, fingerprint: 'other' } }))).toBe('idempotency-mismatch')
  expect(await world.table('messages')).toHaveLength(1)
  expect(await post({ once: { ...once, caller: 'somebody else' } })).not.toEqual(first)
  world.clock.passes(49 * 60 * 60 * 1000)
  expect(await post()).not.toEqual(first)
})

test('[N2] a refusal is not remembered: the key may be used again', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const once = { caller: 'key', key: 'k', fingerprint: 'f' }
  const publish = (to: string) =>
    world.store.write({ name: 'notification.publish', input: { to, title: 'x' }, actor: { is: 'operator' }, once })
  expect(await refusal(publish('prachi'))).toBe('unknown-recipient')
  expect(await refusal(publish(alice.user.username))).toBe('done')
})
