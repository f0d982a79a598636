import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writes } from '#commands.ts'
import { systemClock } from '#lib/clock.ts'
import { contentsOf } from '#store/copies/copy-rows.ts'
import { type Copy, copyDatabase, requireEqual } from '#store/copies/copy.ts'
import type { Source, Target } from '#store/copies/ends.ts'
import { migrateTo } from '#store/migrate.ts'
import { openWriter } from '#store/sqlite/connection.ts'
import { fromFile, fromFolder, fromStoppedFolder, intoFile, intoFolder } from '#store/sqlite/copy-ends.ts'
import { lockFolder } from '#store/sqlite/folder.ts'
import { openStore } from '#store/store.ts'
import { everyRow, fillEveryTable, inFile } from './every-table.ts'

let root: string
let folder: string
let other: string
let file: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'belfry-copies-'))
  folder = join(root, 'data')
  other = join(root, 'other')
  file = join(root, 'one.backup')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const databaseIn = (of: string) => join(of, 'belfry.sqlite')
const waiting = { now: () => 1_700_000_000_000, signal: new AbortController().signal, onRows() {} }
const copies = (from: Source, into: Target): Promise<Copy> => copyDatabase(from, into, waiting)
const backsUp = () => copies(fromFolder(folder), intoFile(file))

/** Opens the folder's database, which is made or migrated by that, and answers its epoch. */
async function starts(of: string): Promise<string> {
  await using store = await openStore({ folder: of, writes, clock: systemClock, onAnnouncements() {}, onFailure() {} })
  return store.epoch
}

async function whyNot(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt()
    return 'it went well'
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}

describe('a copy', () => {
  test('holds every row of every table, for its owner alone; so does what is restored from it', async () => {
    await starts(folder)
    inFile(databaseIn(folder), fillEveryTable)
    const before = inFile(databaseIn(folder), everyRow)
    expect(Object.values(before).every((rows) => rows.length > 500)).toBe(true)
    const copied = await backsUp()
    expect(copied.tables.map(({ name }) => name).toSorted()).toEqual(Object.keys(before).toSorted())
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(inFile(file, everyRow)).toEqual(before)
    expect(await copies(fromFile(file), intoFolder(other))).toMatchObject({ moment: waiting.now() })
    expect(inFile(databaseIn(other), everyRow)).toEqual(before)
  })

  test('that differs in a single character of a single row is noticed', async () => {
    await starts(folder)
    const connection = openWriter(databaseIn(folder))
    connection.exec(`INSERT INTO meta VALUES ('one', 'text'), ('other', 'text')`)
    const meta = { name: 'meta', columns: ['key', 'value'], key: ['key'] }
    const contents = await contentsOf(connection.db, meta)
    const check = () => whyNot(() => requireEqual(connection.db, meta, { contents }))
    expect(await check()).toBe('it went well')
    connection.exec(`UPDATE meta SET value = 'Text' WHERE key = 'other'`)
    expect(await check()).toMatch(/the copy of meta differs/)
    connection.close()
  })

  test('that is given up leaves nothing behind', async () => {
    await starts(folder)
    const stopped = (isEnough: (rows: number, of: number) => boolean) => {
      const stop = new AbortController()
      const onRows = (rows: number, of: number) => void (isEnough(rows, of) && stop.abort())
      return () => copyDatabase(fromFolder(folder), intoFile(file), { ...waiting, signal: stop.signal, onRows })
    }
    for (const attempt of [stopped((rows, of) => rows < of), stopped((rows, of) => rows === of)]) {
      expect(await whyNot(attempt)).toBe('CannotStart: It was stopped before the end. Nothing was copied.')
      expect(readdirSync(root)).toEqual(['data'])
    }
  })

  test('is written over nothing, and not where another is being made', async () => {
    await starts(folder)
    writeFileSync(file, 'the only one')
    expect(await whyNot(backsUp)).toMatch(/^CannotStart: \S+one\.backup is there already\. Name another file/)
    expect(readFileSync(file, 'utf8')).toBe('the only one')
    renameSync(file, `${file}.part`)
    expect(await whyNot(backsUp)).toMatch(/^CannotStart: \S+one\.backup\.part is there already\. .*then remove it/)
    expect(readFileSync(`${file}.part`, 'utf8')).toBe('the only one')
    expect(await whyNot(() => copies(fromFolder(folder), intoFile(join(root, 'nowhere/one'))))).toMatch(/cannot be written \(ENOENT/)
  })

  test('is made of nothing that is not there, and makes no folder for it', async () => {
    expect(await whyNot(backsUp)).toMatch(/^CannotStart: There is no database in the data folder/)
    expect(readdirSync(root)).toEqual([])
  })

  test('of a folder that is to stand still: no server runs, and no command writes meanwhile', async () => {
    await starts(folder)
    const stopped = () => copies(fromStoppedFolder(folder), intoFile(file))
    const lock = lockFolder(folder)
    expect(await whyNot(stopped)).toMatch(/^CannotStart: Another Belfry server is already using/)
    lock[Symbol.dispose]()
    await copyDatabase(fromStoppedFolder(folder), intoFile(file), {
      ...waiting,
      onRows: () => expect(() => inFile(databaseIn(folder), (database) => database.exec('BEGIN IMMEDIATE'))).toThrow('locked'),
    })
  })
})

describe('restoring', () => {
  const restores = () => copies(fromFile(file), intoFolder(other))

  test('is refused where there is a database, or what is left of one', async () => {
    await starts(folder)
    await backsUp()
    const here = () => copies(fromFile(file), intoFolder(folder))
    expect(await whyNot(here)).toMatch(/^CannotStart: .* has a database already\. Move belfry\.sqlite/)
    rmSync(databaseIn(folder))
    writeFileSync(`${databaseIn(folder)}-wal`, '')
    expect(await whyNot(here)).toMatch(/^CannotStart: .* has a database already\. Move belfry\.sqlite-wal to/)
    rmSync(`${databaseIn(folder)}-wal`)
    const lock = lockFolder(folder)
    expect(await whyNot(here)).toMatch(/^CannotStart: Another Belfry server is already using/)
    lock[Symbol.dispose]()
    expect(await whyNot(here)).toBe('it went well')
  })

  test('that was broken off is not begun over by an empty database: it is repeated', async () => {
    await starts(folder)
    await backsUp()
    const broken = `${databaseIn(other)}.part`
    mkdirSync(other)
    writeFileSync(broken, 'half of it')
    expect(await whyNot(() => starts(other))).toMatch(
      /^CannotStart: .*belfry\.sqlite\.part, a copy .* remove that file, and repeat the restore/,
    )
    expect(await whyNot(restores)).toMatch(/belfry\.sqlite\.part is there already\. .*then remove it/)
    rmSync(broken)
    expect(await whyNot(restores)).toBe('it went well')
    // What lies beside a whole one is in nobody's way.
    writeFileSync(broken, 'half of another')
    expect(await whyNot(() => starts(other))).toBe('it went well')
  })

  test('takes a whole backup alone, of no newer version', async () => {
    expect(await whyNot(restores)).toMatch(/^CannotStart: There is no file \S+one\.backup\./)
    mkdirSync(file)
    expect(await whyNot(restores)).toMatch(/^CannotStart: \S+one\.backup is a folder: a backup is one file\.$/)
    rmSync(file, { recursive: true })
    writeFileSync(file, 'This is a letter, not a database. '.repeat(100))
    expect(await whyNot(restores)).toMatch(/one\.backup is damaged, or no backup\. .* Nothing was copied\.$/)
    rmSync(file)
    inFile(file, (database) => database.exec('CREATE TABLE meta (key text, value text)'))
    expect(await whyNot(restores)).toMatch(/one\.backup is no backup/)
    await starts(folder)
    expect(await whyNot(() => copies(fromFile(databaseIn(folder)), intoFolder(other)))).toMatch(/belfry\.sqlite is no backup/)

    rmSync(file)
    await backsUp()
    inFile(file, (database) => database.exec(`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '2099-01-01')`))
    expect(await whyNot(restores)).toMatch(/one\.backup was written by a newer Belfry\./)
    rmSync(file)
    inFile(databaseIn(folder), fillEveryTable)
    await backsUp()
    writeFileSync(file, readFileSync(file).fill(0xff, 200_000, 300_000))
    expect(await whyNot(restores)).toMatch(/one\.backup is damaged, or no backup/)
    expect(readdirSync(other)).toEqual(['serving.lock'])
  })

  test('a backup that does not hold what was copied into it is not taken; one that does not say what that was is', async () => {
    await starts(folder)
    inFile(databaseIn(folder), fillEveryTable)
    await backsUp()
    inFile(file, (database) => database.exec(`UPDATE messages SET body = 'no' WHERE id = (SELECT min(id) FROM messages)`))
    expect(await whyNot(restores)).toMatch(/one\.backup is damaged: .* Take another one\. Nothing was copied\.$/)
    expect(readdirSync(other)).toEqual(['serving.lock'])
    inFile(file, (database) => database.exec(`DELETE FROM meta WHERE key = 'copied'`))
    expect(await whyNot(restores)).toBe('it went well')
    await starts(other)
    const keys = inFile(databaseIn(other), (database) => database.prepare(`SELECT key FROM meta WHERE key LIKE 'cop%'`).all())
    expect(keys).toEqual([])
  })

  test('what fails in the copy itself is not laid to the backup', async () => {
    await starts(folder)
    await backsUp()
    const fails = fromFile(file).read(() => intoFolder(other).fill(({ db }) => sql`SELECT no FROM nowhere`.execute(db)))
    await expect(fails).rejects.toThrow(/^no such table: nowhere$/)
    expect(readdirSync(other)).toEqual(['serving.lock'])
  })

  test('a byte that names another row, or another column, is damage like any other', async () => {
    await starts(folder)
    inFile(databaseIn(folder), fillEveryTable)
    await backsUp()
    const whole = readFileSync(file)
    inFile(file, (database) =>
      database.exec(
        `PRAGMA foreign_keys = off; UPDATE notifications SET "userId" = 'nobody' WHERE id = (SELECT max(id) FROM notifications)`,
      ),
    )
    const damage =
      /^CannotStart: \S+one\.backup is damaged: it does not hold what was copied into it any more\. Take another one\. Nothing was copied\.$/
    expect(await whyNot(restores)).toMatch(damage)
    const spoilt = (from: string, to: string) => writeFileSync(file, Buffer.from(whole.toString('latin1').replaceAll(from, to), 'latin1'))
    spoilt('"endedAt"', '"fndedAt"')
    expect(await whyNot(restores)).toMatch(/^CannotStart: \S+one\.backup is damaged, or no backup\./)
    spoilt('meta (key', 'meta (kez')
    expect(await whyNot(restores)).toMatch(/^CannotStart: \S+one\.backup is damaged, or no backup\./)
    expect(readdirSync(other)).toEqual(['serving.lock'])
  })

  test('a backup of an older version is brought to this one at the first start', async () => {
    await starts(folder)
    rmSync(databaseIn(folder))
    const old = openWriter(databaseIn(folder))
    await migrateTo(old.db, '0001-first')
    old.exec(`INSERT INTO users VALUES ('u1', 2, 'alice', 'alice', 'Alice', 'admin', 1, NULL); INSERT INTO meta VALUES ('epoch', 'first')`)
    old.close()
    chmodSync(databaseIn(folder), 0o600)
    const before = readFileSync(databaseIn(folder))
    expect(await backsUp()).toMatchObject({ version: '0001-first' })
    expect(readFileSync(databaseIn(folder))).toEqual(before)
    await restores()
    expect(await starts(other)).not.toBe('first')
    expect(inFile(databaseIn(other), (database) => database.prepare('SELECT name, sought FROM users').all())).toEqual([
      { name: 'Alice', sought: 'alice\nalice\nu1' },
    ])
  })

  test('[F8] takes a new epoch at the first start, once; so does a copy that somebody put in place', async () => {
    const before = await starts(folder)
    await backsUp()
    await restores()
    const byHand = join(root, 'by-hand')
    await starts(byHand)
    renameSync(file, databaseIn(byHand))
    const taken = []
    for (const restored of [other, byHand]) {
      taken.push(await starts(restored))
      expect(await starts(restored)).toBe(taken.at(-1))
    }
    expect(new Set([before, ...taken]).size).toBe(3)
    expect(await starts(folder)).toBe(before)
    expect(existsSync(file)).toBe(false)
  })
})
