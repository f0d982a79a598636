import { FORGETFUL, startPostgres } from '@belfry/bench/programs/postgres.ts'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { IDLE_MS } from '#store/postgres/connection.ts'
import type { Store } from '#store/store.ts'
import { NOTHING, opens, readAtOnce, refused } from './postgres-nodes.ts'

const READERS = 8
const CONNECTIONS = 12
const SMALL = [...FORGETFUL, `max_connections=${CONNECTIONS}`, 'superuser_reserved_connections=0', 'max_wal_senders=0']

const others: pg.Client[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const other of others.splice(0)) await other.end()
})

/** Others take every connection that is left. */
async function fills(url: string): Promise<void> {
  for (;;) {
    const other = new pg.Client({ connectionString: url })
    // The server ends before they do.
    other.on('error', () => {})
    try {
      await other.connect()
    } catch (error) {
      expect(error).toMatchObject({ code: '53300' })
      return
    }
    others.push(other)
  }
}

const looks = (store: Store) => store.read((db) => sql`SELECT pg_sleep(0.01)`.execute(db))
const manyLook = (store: Store) => Promise.all(Array.from({ length: 10 * READERS }, () => looks(store)))

test('[P4] where PostgreSQL takes no more connections, those of a node serve everybody, and with none they are refused', async () => {
  await using server = await startPostgres(SMALL)
  await using store = await opens(server.url)
  await fills(server.url)
  expect(await refused(looks(store))).toMatchObject({ code: 'unavailable' })
  await others.pop()!.end()
  await expect
    .poll(() =>
      looks(store).then(
        () => 'looked',
        ({ name }: Error) => name,
      ),
    )
    .toBe('looked')
  // The others wait for the one that it has got.
  await manyLook(store)
  await manyLook(store)
})

test('[P4] those who look at the same time share what one of them gets', async () => {
  await using server = await startPostgres(SMALL)
  await using store = await opens(server.url)
  await fills(server.url)
  await others.pop()!.end()
  const connected = () => others[0]!.query(`SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend'`)
  await expect.poll(async () => (await connected()).rows.length).toBe(CONNECTIONS - 1)
  await manyLook(store)
})

test('[P4] whoever comes while those of a node are taken waits for one longer than a few tries take', async () => {
  await using server = await startPostgres(SMALL)
  await using store = await opens(server.url)
  await looks(store)
  await fills(server.url)
  const held = store.read((db) => sql`SELECT pg_sleep(4)`.execute(db))
  const waiting = Array.from({ length: READERS - 1 }, () => looks(store))
  await Promise.all([held, ...waiting])
})

test('a node takes more connections again once there is room', async () => {
  await using server = await startPostgres(SMALL)
  await using store = await opens(server.url)
  await looks(store)
  await fills(server.url)
  await manyLook(store)
  for (const other of others.splice(0)) await other.end()
  await readAtOnce(store, READERS)
})

test('[P4] a node that nobody has written to, or not for long, keeps a connection to write', async () => {
  await using server = await startPostgres(SMALL)
  await using fresh = await opens(server.url)
  await using quiet = await opens(server.url)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await quiet.write(NOTHING)
  await vi.advanceTimersByTimeAsync(IDLE_MS)
  vi.useRealTimers()
  await fills(server.url)
  await fresh.write(NOTHING)
  await quiet.write(NOTHING)
})

test('[P4] a node whose connections broke takes one to write before anybody asks for it', async () => {
  await using server = await startPostgres(SMALL)
  await using store = await opens(server.url)
  await fills(server.url)
  // The one with which it started goes.
  await expect.poll(async () => (await ownConnections()).length).toBe(1)
  const [own] = await ownConnections()
  await others[0]!.query('SELECT pg_terminate_backend($1)', [own])
  await expect.poll(async () => (await ownConnections()).filter((pid) => pid !== own).length).toBe(1)
  await fills(server.url)
  await store.write(NOTHING)
})

async function ownConnections(): Promise<number[]> {
  const { rows } = await others[0]!.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE application_name = 'belfry'`)
  return rows.map(({ pid }) => pid)
}
