import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Belfry } from './belfry.ts'

let belfry: Belfry
beforeEach(() => {
  belfry = new Belfry()
})
afterEach(() => belfry[Symbol.asyncDispose]())

const COMMANDS = [['user', 'list'], ['serve']]
const ONE_LINE = /^[^\n]+\n$/

async function expectOneLine(what: RegExp, env?: Record<string, string>): Promise<void> {
  for (const command of COMMANDS) {
    const failed = await belfry.run(command, { ...(env && { env }) })
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(ONE_LINE) })
    expect(failed.stderr).toMatch(what)
  }
}

test('a data folder that cannot be made: one clear line', async () => {
  writeFileSync(belfry.path('file'), '')
  await expectOneLine(/^The data folder \S+ cannot be made or written to/, { DATA_DIR: belfry.path('file/data') })
})

test('a file that is no database: one clear line', async () => {
  mkdirSync(belfry.dataDir)
  writeFileSync(join(belfry.dataDir, 'belfry.sqlite'), 'this was never a database, and is long enough to look'.repeat(100))
  await expectOneLine(/belfry\.sqlite is not a database, or is damaged/)
})

test('a database that a newer Belfry has written: one clear line', async () => {
  await belfry.hasUser('alice')
  const file = new DatabaseSync(join(belfry.dataDir, 'belfry.sqlite'))
  file.exec(`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '2030-01-01')`)
  file.close()
  await expectOneLine(/was written by a newer Belfry/)
})

test('a bad setting: one clear line that names it', async () => {
  await expectOneLine(/^The setting PORT=99999 is not valid/, { PORT: '99999' })
})

test('an address that `move` was given is not called a setting, nor shown', async () => {
  for (const address of ['redis://x:secret@y', '']) {
    const failed = await belfry.run(['move', address], { env: { DATABASE_URL: 'nonsense' } })
    expect(failed).toMatchObject({ code: 1, stdout: '' })
    expect(failed.stderr).toBe(
      'The address of the database is not valid: it must be an address that begins with postgres:// or postgresql://.\n',
    )
  }
})

test('--json says what went wrong as one document on standard error', async () => {
  const failed = await belfry.run(['user', 'list', '--json'], { env: { LOG_LEVEL: 'loud' } })
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(JSON.parse(failed.stderr)).toEqual({ error: { code: 'cannot-start', detail: expect.stringContaining('LOG_LEVEL=loud') } })
})

test('whoever reads no further, as `head` does, ends it quietly', async () => {
  await belfry.hasUser('alice')
  for (const command of [['--help'], ['user', 'list']]) {
    const child = belfry.begins(command)
    child.stdout!.destroy()
    const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')])
    expect({ stderr, code: code as number }).toEqual({ stderr: '', code: 0 })
  }
})

test('wrong usage ends with 2', async () => {
  expect(await belfry.run(['user', 'crate'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('Did you mean create?'),
  })
  expect(await belfry.run(['notify', 'prachi'])).toMatchObject({ code: 2, stderr: expect.stringContaining("'title'") })
  expect(await belfry.run([])).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage: belfry') })
  const inJson = await belfry.run(['user', 'list', '--loud', '--json'])
  expect(inJson).toMatchObject({ code: 2, stdout: '' })
  expect(JSON.parse(inJson.stderr)).toEqual({ error: { code: 'usage', detail: "unknown option '--loud'" } })
})

test('help and version end with 0 and touch no data', async () => {
  expect(await belfry.run(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' })
  expect(await belfry.run(['user', 'create', '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('For example:') })
  expect(existsSync(belfry.dataDir)).toBe(false)
})
