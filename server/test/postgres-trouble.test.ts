import { join } from 'node:path'
import { FORGETFUL, startPostgres } from '@belfry/bench/programs/postgres.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { ANSWERS_WITHIN_MS as HEALTH_WITHIN_MS } from '#http/health.ts'
import { ANSWERS_WITHIN_MS, BEGINS_WITHIN_MS } from '#store/postgres/connection.ts'
import { WAITS_AT_MOST_MS } from '#store/postgres/turnstile.ts'
import type { Store } from '#store/store.ts'
import { onServer } from './database.ts'
import { openWorld } from './http-world.ts'
import { openLine } from './postgres-line.ts'
import { NOTHING, opens, refused } from './postgres-nodes.ts'
import { until } from './settle.ts'
import { World } from './world.ts'

afterEach(() => vi.useRealTimers())

const READERS = 8
const UNAVAILABLE = { code: 'unavailable', retryAfterMs: expect.any(Number) as number }

function holdsClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
}

const looks = (store: Store) => store.read((db) => db.selectFrom('meta').select('key').execute())
const looksAtOnce = (store: Store) => Promise.all(Array.from({ length: READERS }, () => looks(store)))

test('[P4] whoever waits too long for a connection is told to come again', async () => {
  await using world = await World.open()
  await using store = await opens(world.databaseUrl!)
  const held = Promise.withResolvers<void>()
  let begun = 0
  const reading = Array.from({ length: READERS }, () =>
    store.read(async () => {
      begun += 1
      await held.promise
    }),
  )
  await until(() => begun === READERS)
  holdsClock()
  const late = refused(looks(store))
  await vi.advanceTimersByTimeAsync(WAITS_AT_MOST_MS)
  expect(await late).toMatchObject(UNAVAILABLE)
  held.resolve()
  await Promise.all(reading)
})

test('[P4] a connection that does not answer when it is taken is given up within seconds', async () => {
  await using world = await World.open()
  await using line = await openLine(world.databaseUrl!)
  await using store = await opens(line.url)
  await looksAtOnce(store)
  line.stalls()
  holdsClock()
  const asked = Array.from({ length: READERS }, () => refused(looks(store)))
  await vi.advanceTimersByTimeAsync(BEGINS_WITHIN_MS)
  expect(await Promise.all(asked)).toMatchObject(asked.map(() => UNAVAILABLE))
  line.resumes()
  await looksAtOnce(store)
})

test('a connection that is not answered in the middle of a transaction is let go of, and not asked to undo it', async () => {
  await using world = await World.open()
  await using line = await openLine(world.databaseUrl!)
  await using store = await opens(line.url)
  await looksAtOnce(store)
  const stalled = Promise.withResolvers<void>()
  const reading = refused(
    store.read(async (db) => {
      line.stalls()
      holdsClock()
      stalled.resolve()
      await db.selectFrom('meta').select('key').execute()
    }),
  )
  await stalled.promise
  await vi.advanceTimersByTimeAsync(ANSWERS_WITHIN_MS)
  expect(await reading).toMatchObject(UNAVAILABLE)
  line.resumes()
})

test('[P4] /health answers promptly, whatever the database does', async () => {
  await using world = await World.open()
  await using line = await openLine(world.databaseUrl!)
  await using http = await openWorld({ databaseUrl: line.url })
  expect(await http.stranger().get('//health')).toMatchObject({ status: 200 })
  line.stalls()
  const askedAt = performance.now()
  expect(await http.stranger().get('//health')).toMatchObject({ status: 503, body: { status: 'failing' } })
  expect(performance.now() - askedAt).toBeLessThan(2 * HEALTH_WITHIN_MS)
  line.resumes()
})

test('a connection that broke while it lay idle fails nobody', async () => {
  await using world = await World.open()
  await using line = await openLine(world.databaseUrl!)
  await using store = await opens(line.url)
  await store.write(NOTHING)
  line.cutsAnswerTo('BEGIN')
  expect(await store.write(NOTHING)).toBeNull()
  await looks(store)
  line.cutsAnswerTo('BEGIN')
  expect(await looks(store)).toHaveLength(1)
})

test('a migration takes as long as it takes', async () => {
  const MIGRATION_LOCK = 1_112_297_554
  await using world = await World.open()
  await onServer(world.databaseUrl!, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    holdsClock()
    const opening = opens(world.databaseUrl!)
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`
    await expect.poll(async () => (await client.query(waiting)).rows.length).toBe(1)
    await vi.advanceTimersByTimeAsync(10 * ANSWERS_WITHIN_MS)
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK])
    await using store = await opening
    expect(store.epoch).toBe(world.store.epoch)
  })
})

test('[F8] nothing is written to a server whose timeline is another: it may lack what was told', async () => {
  await using server = await startPostgres(FORGETFUL)
  let replaced = 0
  await using store = await opens(server.url, [], () => void (replaced += 1))
  await store.write(NOTHING)
  await server.kill()
  await server.start()
  // It was only away.
  expect(await store.write(NOTHING)).toBeNull()
  expect(replaced).toBe(0)
  await onServer(server.url, async (client) => {
    await client.query(`ALTER SYSTEM SET restore_command = 'false'`)
    await client.query(`COPY (SELECT '') TO '${join(server.folder, 'data', 'recovery.signal')}'`)
  })
  await server.kill('SIGINT')
  await server.start()
  // For a moment it still recovers.
  await expect.poll(() => store.write(NOTHING).catch(() => replaced)).toBeGreaterThan(0)
  expect(await refused(store.write(NOTHING))).toMatchObject(UNAVAILABLE)
  expect(await refused(looks(store))).toMatchObject(UNAVAILABLE)
  await using anew = await opens(server.url)
  expect(anew.epoch).not.toBe(store.epoch)
  expect(await anew.write(NOTHING)).toBeNull()
})

test('[F8] a copy that was put in place while a node runs is another database, though its epoch is the same', async () => {
  await using world = await World.open()
  const url = world.databaseUrl!
  let replaced = 0
  await using store = await opens(url, [], () => void (replaced += 1))
  await store.write(NOTHING)
  await onServer(url, async (client) => {
    await client.query(`INSERT INTO meta (key, value) VALUES ('copy', '${Date.now()}')`)
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
  })
  await expect.poll(() => store.write(NOTHING).catch(() => replaced)).toBeGreaterThan(0)
  await using anew = await opens(url)
  expect(anew.epoch).not.toBe(store.epoch)
  expect(await anew.write(NOTHING)).toBeNull()
})

test('[F8] a comparison finds that an older copy was put in place, or that somebody says so', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const node = world.opensNode()
  await alice.posts('one', 'two')
  await bob.opens(node)
  await node.realtime.feeds.sweep()
  expect(world.failures).toEqual([])
  await onServer(world.databaseUrl!, (client) => client.query(`UPDATE topics SET seq = seq - 1 WHERE topic = 'room:general'`))
  await node.realtime.feeds.sweep()
  expect(world.failures).toEqual(['the database is older'])
  await world.operates('epoch.renew', {})
  await node.realtime.feeds.sweep()
  expect(world.failures).toEqual(['the database is older', 'the database is another'])
})
