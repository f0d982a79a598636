import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@belfry/bench/programs/postgres.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { writes } from '#commands.ts'
import { systemClock } from '#lib/clock.ts'
import { copyDatabase, type Waiting } from '#store/copies/copy.ts'
import type { Source, Target } from '#store/copies/ends.ts'
import { fromPostgres, intoPostgres } from '#store/postgres/copy-ends.ts'
import { fromFile, fromStoppedFolder, intoFile } from '#store/sqlite/copy-ends.ts'
import { openStore } from '#store/store.ts'
import { dropDatabase, onServer } from './database.ts'
import { everyRow, fillEveryTable, inFile, inOrder } from './every-table.ts'
import { World } from './world.ts'

let root: string
let folder: string
let file: string
const made: string[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'belfry-copies-'))
  folder = join(root, 'data')
  file = join(root, 'one.backup')
})
afterEach(async () => {
  rmSync(root, { recursive: true, force: true })
  for (const url of made.splice(0)) await dropDatabase(url)
})

const waiting = { now: () => systemClock.now(), signal: new AbortController().signal, onRows() {} }
const copies = (from: Source, into: Target, more: Partial<Waiting> = {}) => copyDatabase(from, into, { ...waiting, ...more })

async function emptyDatabase(): Promise<string> {
  const url = new URL(inject('postgres')!)
  url.pathname = `empty_${uuidv7().replaceAll('-', '')}`
  await onServer(inject('postgres')!, (client) => client.query(`CREATE DATABASE ${url.pathname.slice(1)} TEMPLATE template0`))
  made.push(url.href)
  return url.href
}

async function starts(databaseUrl: string | null): Promise<string> {
  await using store = await openStore({ folder, databaseUrl, writes, clock: systemClock, onAnnouncements() {}, onFailure() {} })
  return store.epoch
}

/** A data folder with rows in every table. */
async function filledFolder(): Promise<Record<string, string[]>> {
  await starts(null)
  inFile(join(folder, 'belfry.sqlite'), fillEveryTable)
  return inFile(join(folder, 'belfry.sqlite'), everyRow)
}

/** The same of PostgreSQL. */
function everyRowAt(url: string): Promise<Record<string, string[]>> {
  return onServer(url, async (client) => {
    const tables = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE 'kysely\\_%'`,
    )
    const rows: Record<string, string[]> = {}
    for (const { name } of tables.rows) {
      const { rows: told } = await client.query<{ row: Record<string, string | number | null> }>(
        `SELECT row_to_json(stored) AS row FROM "${name}" AS stored`,
      )
      rows[name] = inOrder(told.map(({ row }) => row))
    }
    return rows
  })
}

async function whyNot(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt()
    return 'it went well'
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}

test('what is moved from a folder, backed up there and restored elsewhere has every row of every table', async () => {
  const before = await filledFolder()
  const moved = await emptyDatabase()
  await copies(fromStoppedFolder(folder), intoPostgres(moved))
  expect(await everyRowAt(moved)).toEqual(before)
  expect(inFile(join(folder, 'belfry.sqlite'), everyRow)).toEqual(before)

  await copies(fromPostgres(moved), intoFile(file))
  expect(inFile(file, everyRow)).toEqual(before)
  const restored = await emptyDatabase()
  await copies(fromFile(file), intoPostgres(restored))
  expect(await everyRowAt(restored)).toEqual(before)
})

test('[F8] what is moved twice to one server has another epoch each time: the first may have told what the second never had', async () => {
  const inFolder = await starts(null)
  const moves = async () => {
    const url = await emptyDatabase()
    await copies(fromStoppedFolder(folder), intoPostgres(url))
    const epochs = await Promise.all([starts(url), starts(url), starts(url)])
    expect(new Set(epochs).size).toBe(1)
    expect(await starts(url)).toBe(epochs[0])
    return epochs[0]
  }
  expect(new Set([inFolder, await moves(), await moves()]).size).toBe(3)
  expect(await starts(null)).toBe(inFolder)
})

test('a backup beside nodes that write is one moment', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  await alice.post('first')
  let written = 0
  const writes = async () => {
    for (let at = 0; at < 20; at++)
      written = (await (at % 2 ? alice : bob).does<Message>('message.post', { roomId: 'general', body: `${at}` })).n
  }
  const writing: Promise<void>[] = []
  const onRows = () => void (writing.length === 0 && writing.push(writes()))
  const { tables } = await copies(fromPostgres(world.databaseUrl!), intoFile(file), { onRows })
  await Promise.all(writing)
  expect(written).toBe(21)
  expect(tables.find(({ name }) => name === 'messages')).toEqual({ name: 'messages', rows: 1 })
  const { seq, posted } = inFile(file, (database) => database.prepare(`SELECT seq, posted FROM topics WHERE topic = 'room:general'`).get()!)
  expect(posted).toBe(1)
  expect(inFile(file, (database) => database.prepare('SELECT changed FROM messages').all())).toEqual([{ changed: seq }])
})

test('a database with anything in it is left alone, and one that is given up is empty as before', async () => {
  await filledFolder()
  const url = await emptyDatabase()
  const stop = new AbortController()
  const onRows = (rows: number) => rows > 5_000 && stop.abort()
  const moves = (more = {}) => copies(fromStoppedFolder(folder), intoPostgres(url), more)
  expect(await whyNot(() => moves({ signal: stop.signal, onRows }))).toBe('CannotStart: It was stopped before the end. Nothing was copied.')
  expect(await everyRowAt(url)).toEqual({})
  await onServer(url, (client) => client.query('CREATE EXTENSION pg_buffercache'))
  expect(await whyNot(() => moves({ signal: stop.signal, onRows }))).toBe('CannotStart: It was stopped before the end. Nothing was copied.')
  await onServer(url, (client) => client.query('DROP EXTENSION pg_buffercache; CREATE TABLE theirs (one text)'))
  expect(await whyNot(moves)).toMatch(/^CannotStart: The database empty_\w+ at \S+ is not empty\. .* Nothing was copied\.$/)
  expect(await everyRowAt(url)).toEqual({ theirs: [] })
})

test('a damaged backup is said to be one, also where the server refuses a row of it', async () => {
  await filledFolder()
  await copies(fromStoppedFolder(folder), intoFile(file))
  inFile(file, (database) => database.exec(`PRAGMA foreign_keys = off; UPDATE notifications SET "userId" = 'nobody'`))
  const url = await emptyDatabase()
  expect(await whyNot(() => copies(fromFile(file), intoPostgres(url)))).toMatch(
    /^CannotStart: \S+one\.backup is damaged: .* Take another one\. Nothing was copied\.$/,
  )
  expect(await everyRowAt(url)).toEqual({})
})

test('a server that goes away in the middle leaves no half of a backup, and no half of a database', async () => {
  await filledFolder()
  await using server = await startPostgres()
  const cut = () => {
    let going: Promise<void> | null = null
    return { onRows: (rows: number) => rows > 2_000 && (going ??= server.kill()), gone: async () => going }
  }
  const moving = cut()
  expect(await whyNot(() => copies(fromStoppedFolder(folder), intoPostgres(server.url), moving))).toMatch(
    /^CannotStart: .*cannot be reached .* Nothing was copied\.$/,
  )
  await moving.gone()
  await server.start()
  expect(await everyRowAt(server.url)).toEqual({})
  await copies(fromStoppedFolder(folder), intoPostgres(server.url))

  const backingUp = cut()
  expect(await whyNot(() => copies(fromPostgres(server.url), intoFile(file), backingUp))).toMatch(
    /^CannotStart: .*cannot be reached .* Nothing was copied\.$/,
  )
  await backingUp.gone()
  expect(readdirSync(root)).toEqual(['data'])
})
