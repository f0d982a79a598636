import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FORGETFUL, startPostgres } from '@belfry/bench/programs/postgres.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { systemClock } from '#lib/clock.ts'
import { copyDatabase } from '#store/copies/copy.ts'
import { fromPostgres, intoPostgres } from '#store/postgres/copy-ends.ts'
import { requireReady } from '#store/postgres/suitable.ts'
import { fromFolder } from '#store/sqlite/copy-ends.ts'
import { openStore, type Store } from '#store/store.ts'
import { dropDatabase, onServer } from './database.ts'
import { openWorld } from './http-world.ts'
import { NOTHING, OPERATOR, opens, readAtOnce, refused } from './postgres-nodes.ts'
import { testWrites } from './test-writes.ts'

/** A role that owns nothing. */
const PASSWORD = 'secret'

let folder: string
let url: string
let name: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-suitable-'))
  name = `suitable_${uuidv7().replaceAll('-', '')}`
  url = Object.assign(new URL(inject('postgres')!), { pathname: name }).href
  await onServer(inject('postgres')!, async (client) => {
    await client.query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`)
    await client.query(`CREATE ROLE ${weak()} LOGIN PASSWORD '${PASSWORD}'`)
  })
})
afterEach(async () => {
  await dropDatabase(url)
  await onServer(inject('postgres')!, (client) => client.query(`DROP ROLE IF EXISTS ${weak()}, ${heir()}`))
  rmSync(folder, { recursive: true })
})

const weak = () => `weak_${name}`
const heir = () => `heir_${name}`
const asHeir = () => Object.assign(new URL(url), { username: heir(), password: PASSWORD }).href
const asWeak = () => Object.assign(new URL(url), { username: weak(), password: PASSWORD }).href

/** For connections that come later. */
const readOnly = (is: 'on' | 'off') =>
  onServer(inject('postgres')!, (client) => client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = ${is}`))

/** What a node, a command that fills it and the doctor say of a database. */
async function everyWord(at: string): Promise<string[]> {
  await using _filled = await openStore({
    folder,
    databaseUrl: null,
    writes: testWrites,
    clock: systemClock,
    onAnnouncements() {},
    onFailure() {},
  })
  const waiting = { now: () => systemClock.now(), signal: new AbortController().signal, onRows() {} }
  const attempts = [
    () => opens(at),
    () => copyDatabase(fromFolder(folder), intoPostgres(at), waiting),
    () => fromPostgres(at).read((db) => requireReady(db, at)),
  ]
  const words: string[] = []
  for (const attempt of attempts)
    words.push(
      await attempt().then(
        () => 'it went well',
        (error: Error) => `${error.name}: ${error.message}`,
      ),
    )
  return words
}

const tablesIn = async (client: pg.Client) => (await client.query(`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).rows.length

test('a role that may make no tables is told so before the first, and how it may', async () => {
  const says = `CannotStart: The role ${weak()} may not make tables in the database ${name} at ${new URL(url).host}. Make it its owner: \`ALTER DATABASE ${name} OWNER TO ${weak()}\`.`
  expect(await everyWord(asWeak())).toEqual([says, `${says} Nothing was copied.`, says])
  expect(await onServer(url, tablesIn)).toBe(0)
  await onServer(url, (client) => client.query(/`(.*)`/.exec(says)![1]!))
  await using store = await opens(asWeak())
  expect(await store.write(NOTHING)).toBeNull()
})

test('where the tables are there already, nobody need make any', async () => {
  await (await opens(url))[Symbol.asyncDispose]()
  await onServer(url, (client) => client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${weak()}`))
  await using store = await opens(asWeak())
  expect(await store.write(NOTHING)).toBeNull()
})

test('where tables are to be changed that another role owns, it is said how they are handed over', async () => {
  await onServer(url, async (client) => {
    await client.query(`ALTER DATABASE ${name} OWNER TO ${weak()}`)
    await client.query(`CREATE ROLE ${heir()} LOGIN PASSWORD '${PASSWORD}'`)
  })
  await (await opens(asWeak()))[Symbol.asyncDispose]()
  await onServer(url, async (client) => {
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${heir()}`)
    await client.query(`DELETE FROM kysely_migration WHERE name = (SELECT max(name) FROM kysely_migration)`)
  })
  const ready = () => fromPostgres(asHeir()).read((db) => requireReady(db, asHeir()))
  const may = `ALTER DATABASE ${name} OWNER TO ${heir()}`
  const own = `REASSIGN OWNED BY ${weak()} TO ${heir()}`
  const says = `The role ${heir()} may not change the tables in the database ${name} at ${new URL(url).host}. Make it their owner there: `
  await expect(ready()).rejects.toThrow(`${says}\`${may}\` and \`${own}\`.`)
  await onServer(url, (client) => client.query(may))
  await expect(ready()).rejects.toThrow(`${says}\`${own}\`.`)
  await onServer(url, (client) => client.query(own))
  await ready()
})

test('a database that takes no writes is told so, with tables and without', async () => {
  const words = /^CannotStart: The database \S+ at \S+ takes no writes \(default_transaction_read_only is on\)\. .* turn that off again\./
  await readOnly('on')
  for (const says of await everyWord(url)) expect(says).toMatch(words)
  await readOnly('off')
  await (await opens(url))[Symbol.asyncDispose]()
  await readOnly('on')
  for (const says of await everyWord(url)) expect(says).toMatch(words)
})

const makes = (store: Store, username: string) =>
  store.write<User>({ name: 'user.create', input: { username, passwordHash: 'none' }, actor: OPERATOR })

test('[P4] /health fails while the database takes no writes, and is well when it does again', async () => {
  await using server = await startPostgres(FORGETFUL)
  await using world = await openWorld({ databaseUrl: server.url })
  await using beside = await opens(server.url)
  await makes(beside, 'alice')
  const turns = (is: string) =>
    onServer(server.url, async (client) => {
      await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${is}`)
      await client.query('SELECT pg_reload_conf()')
    })
  const health = async () => (await world.stranger().get('//health')).status
  expect(await health()).toBe(200)
  await turns('on')
  await expect.poll(health).toBe(503)
  expect(await refused(makes(beside, 'bob'))).toMatchObject({ code: 'unavailable' })
  expect(await world.stranger().get('/workspace')).toMatchObject({ status: 200 })
  const told = () =>
    world.logged.flatMap((line) => (line.includes('/health answers') ? [JSON.parse(line) as { msg: string; err?: Error }] : []))
  expect(told()).toMatchObject([
    { msg: 'the database cannot be used: /health answers 503', err: { message: expect.stringContaining('it takes no writes') as string } },
  ])
  await turns('off')
  await expect.poll(health).toBe(200)
  expect(told()).toMatchObject([{}, { msg: 'the database can be used again: /health answers 200' }])
  expect(await makes(beside, 'bob')).toMatchObject({ username: 'bob' })
})

test('[P4] so it does where only new connections are told', async () => {
  await using store = await opens(url)
  const looks = () => store.requireWritable()
  await looks()
  await readOnly('on')
  // One of them is written by the connection that was there already, the other one by a new one.
  const written = await Promise.allSettled(['alice', 'bob'].map((username) => makes(store, username)))
  expect(written.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { body: { code: 'unavailable' } } }])
  expect(await refused(looks())).toMatchObject({ code: 'unavailable' })
  expect(await refused(looks())).toMatchObject({ code: 'unavailable' })
  await readAtOnce(store, 5)
  await readOnly('off')
  for (let times = 0; times < 6; times += 1) await looks()
  expect(await makes(store, 'carol')).toMatchObject({ username: 'carol' })
})

test('what a node keeps to write with takes writes: the first one after they are taken again goes well', async () => {
  await using store = await opens(url)
  await onServer(url, async (client) => {
    const own = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
    const pids = async () => (await client.query<{ pid: number }>(own)).rows.map(({ pid }) => pid)
    const [first] = await pids()
    await readOnly('on')
    await client.query('SELECT pg_terminate_backend($1)', [first])
    // It asks for another one each second.
    await expect.poll(async () => (await pids()).some((pid) => pid !== first), { interval: 1 }).toBe(true)
    await readOnly('off')
  })
  expect(await makes(store, 'alice')).toMatchObject({ username: 'alice' })
})
