import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ImportReport } from '#import/report.ts'
import { Belfry } from './belfry.ts'
import { FollowingScreen } from './following-screen.ts'

let belfry: Belfry
beforeEach(() => {
  belfry = new Belfry()
})
afterEach(() => belfry[Symbol.asyncDispose]())

const FIRST_DAY = `=== alice [~alice@example.com]  has joined #ubuntu
[09:14] <alice> good morning
[09:14] <bob> good morning
[09:14] <bob> good morning
[09:15]  * carol waves
[09:15] <[carol] > \u0002bold\u0002 and \u00034,12red\u000F, with a tab\there
[09:16] <Alice>
-prachi:#ubuntu- a notice
`
const SECOND_DAY = '[23:59] <alice> late\r\n[00:01] <bob> early\r\n'

test('what was said, by whom and when, in the order of the days; and what else stood there is counted', async () => {
  const report = await imports('ubuntu', day('a-2005-01-02', SECOND_DAY), day('b-2004-12-25', FIRST_DAY))
  expect(report).toMatchObject({
    room: { name: 'ubuntu', isNew: true, postedBefore: 0 },
    messages: { stored: 7, there: 0 },
    outsiders: { stored: 4, there: 0 },
    skipped: [
      { what: 'notices of the server (=== …)', count: 1, first: 'b-2004-12-25.txt, line 1' },
      { what: 'actions (* nick …)', count: 1, first: 'b-2004-12-25.txt, line 5' },
      { what: 'other lines', count: 1, first: 'b-2004-12-25.txt, line 8' },
    ],
    remarks: [expect.stringMatching(/^In one file the clock runs back \(the first: a-2005-01-02\.txt\)/)],
  })
  expect(said()).toEqual([
    [1, 'alice', 'good morning', Date.UTC(2004, 11, 25, 9, 14)],
    [2, 'bob', 'good morning', Date.UTC(2004, 11, 25, 9, 14)],
    [3, 'bob', 'good morning', Date.UTC(2004, 11, 25, 9, 14)],
    [4, '[carol] ', 'bold and red, with a tab\there', Date.UTC(2004, 11, 25, 9, 15)],
    [5, 'Alice', '', Date.UTC(2004, 11, 25, 9, 16)],
    [6, 'alice', 'late', Date.UTC(2005, 0, 2, 23, 59)],
    [7, 'bob', 'early', Date.UTC(2005, 0, 2, 0, 1)],
  ])
  const people = 'SELECT username, name, "importedFrom" FROM users ORDER BY "createdAt", username'
  expect(belfry.query(people)).toContainEqual({ username: '[carol] ', name: '[carol]', importedFrom: 'irc' })
  expect([belfry.query('SELECT * FROM members'), belfry.query('SELECT * FROM passwords')]).toEqual([[], []])
})

test('nicks are names of one line: what would turn it around goes, also where nothing is left then', async () => {
  const file = day('2004-12-25', '[09:14] <bob\u202E> one\n[09:15] <bob> two\n[09:16] <\u200F> three\n')
  expect(await imports('ubuntu', file)).toMatchObject({ messages: { stored: 3 }, outsiders: { stored: 2 } })
  expect(belfry.query('SELECT username, name FROM users ORDER BY username')).toEqual([
    { username: '', name: '?' },
    { username: 'bob', name: 'bob' },
  ])
  expect(await imports('ubuntu', file)).toMatchObject({ messages: { stored: 0, there: 3 }, outsiders: { stored: 0, there: 2 } })
})

test('to a person it says of what how much was left out', async () => {
  const { stdout } = await belfry.run(['import', 'irc', '--room', 'ubuntu', day('2004-12-25', FIRST_DAY)])
  expect(stdout).toContain('Left out:\n  notices of the server (=== …): 1 (the first: 2004-12-25.txt, line 1)\n')
  expect(stdout).toContain('\n  other lines: 1 (the first: 2004-12-25.txt, line 8)\n')
})

test('bytes that are no UTF-8 are read as windows-1252, line by line', async () => {
  const file = belfry.path('2004-12-25.txt')
  const line = (bytes: number[]) => Buffer.from([...Buffer.from('[09:14] <bob> caf'), ...bytes, 0x0a])
  writeFileSync(file, Buffer.concat([line([0xe9, 0x80]), line([0xc3, 0xa9])]))
  await imports('ubuntu', file)
  expect(said().map(([, , body]) => body)).toEqual(['café€', 'café'])
})

test('run again, or with the same file twice, nothing is doubled; another day of the same people is theirs', async () => {
  const first = day('2004-12-25', FIRST_DAY)
  expect(await imports('ubuntu', first, first)).toMatchObject({ messages: { stored: 5, there: 5 } })
  const before = said()
  expect(await imports('UBUNTU', first)).toMatchObject({ room: { name: 'ubuntu', isNew: false }, messages: { stored: 0, there: 5 } })
  expect(said()).toEqual(before)
  const second = await imports('ubuntu', day('2005-01-02', SECOND_DAY))
  expect(second).toMatchObject({ room: { postedBefore: 5 }, messages: { stored: 2, there: 0 }, outsiders: { stored: 0, there: 2 } })
  expect(belfry.query('SELECT id FROM users')).toHaveLength(4)
})

test('a line that is longer than a message may be becomes several, and no more when it is run again', async () => {
  const long = `${'word '.repeat(5_000)}end`
  const file = day('2004-12-25', `[09:14] <alice> ${long}\n[09:14] <bob> short\n`)
  expect(await imports('ubuntu', file)).toMatchObject({ messages: { stored: 3, there: 0 } })
  const bodies = said().map(([, , body]) => String(body))
  expect(bodies.slice(0, 2).join('')).toBe(long)
  expect(Math.max(...bodies.map((body) => body.length))).toBeLessThanOrEqual(16_000)
  expect(await imports('ubuntu', file)).toMatchObject({ messages: { stored: 0, there: 3 } })
})

test('nobody of them is taken for an account, or takes a name from somebody who comes', async () => {
  await imports('ubuntu', day('2004-12-25', FIRST_DAY))
  expect(await belfry.json('user', 'list', '--state', 'active')).toMatchObject({ items: [] })
  expect(await belfry.run(['notify', 'alice', 'Hello'])).toMatchObject({ code: 1, stderr: expect.stringContaining('alice is unknown') })
  const { id } = await belfry.hasUser('alice')
  expect(belfry.query(`SELECT id FROM users WHERE username = 'alice' AND "importedFrom" IS NULL`)).toEqual([{ id }])
})

test('what cannot be read: one clear line, and no data folder', async () => {
  const refused = (file: string) => belfry.run(['import', 'irc', '--room', 'ubuntu', file])
  const expected: [string, RegExp][] = [
    [belfry.path('2004-12-25.txt'), /^There is no file \S+\. Nothing was stored\.\n$/],
    [belfry.path('nope.txt'), /^There is no file \S+\. Nothing was stored\.\n$/],
    [belfry.path('.'), /^\S+ is a folder\. Name the files in it: \S+\/\*\.txt\n$/],
    [day('readme', FIRST_DAY), /^The name of \S+ does not say which day it is, [^\n]+\n$/],
    [day('2004-02-30', FIRST_DAY), /^The name of \S+ does not say which day it is, [^\n]+\n$/],
    [day('2004-12-26', 'nothing of the kind\n'), /^Not one line of this is a message, [^\n]+\n$/],
  ]
  for (const [file, says] of expected)
    expect(await refused(file)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(says) })
  expect(() => belfry.query('SELECT 1')).toThrow()
})

/** Enough that the storing spills into the file long before it is committed. */
const MANY = 40_000

test('[W2] killed in the middle of the storing, nothing is there; run again, everything is', async () => {
  await belfry.hasUser('carol')
  const file = day('2004-12-25', manyLines(MANY))
  const before = tables()
  const child = belfry.begins(['import', 'irc', '--room', 'ubuntu', file])
  const ended = once(child, 'exit')
  await until(() => logBytes() > 1024 * 1024)
  child.kill('SIGKILL')
  expect(await ended).toEqual([null, 'SIGKILL'])
  expect(logBytes()).toBeGreaterThan(0)
  expect(tables()).toEqual(before)
  expect(await imports('ubuntu', file)).toMatchObject({ room: { isNew: true }, messages: { stored: MANY, there: 0 } })
  expect(belfry.query('SELECT count(*) AS messages, max(n) AS last FROM messages')).toEqual([{ messages: MANY, last: MANY }])
})

test('[F4] [W2] beside a server: who follows holds the right rows, and who posts meanwhile loses nothing', async () => {
  const server = await belfry.serve({ MESSAGES_BURST: '100000', MESSAGES_PER_SECOND: '100000' })
  await belfry.hasUser('alice')
  const screen = await FollowingScreen.of(server, 'alice')
  const general = roomTopic(GENERAL_ROOM)
  await screen.follows(general)

  let isOver = false
  const importing = imports('General', day('2004-12-25', manyLines(MANY))).finally(() => (isOver = true))
  const posted: string[] = []
  while (!isOver) posted.push(await screen.posts(GENERAL_ROOM, `meanwhile ${posted.length}`))
  const { messages } = await importing
  posted.push(await screen.posts(GENERAL_ROOM, 'afterwards'))
  expect(messages).toEqual({ stored: MANY, there: 0 })

  const own = belfry.query<{ id: string }>(`SELECT id FROM messages WHERE length(body) < 100 ORDER BY n`).map(({ id }) => id)
  expect(own).toEqual(posted)
  const [newest] = belfry.query<{ n: number; seq: number }>('SELECT posted AS n, seq FROM topics WHERE topic = ?', general)
  expect(newest!.n).toBe(MANY + posted.length)
  await until(() => screen.position(general)?.seq === newest!.seq)
  const stored = belfry.query('SELECT id, n, body, changed FROM messages ORDER BY n DESC LIMIT ?', 20)
  expect(screen.newestMessages(general, 20)).toEqual(stored)
  screen.closes()
})

function day(date: string, text: string): string {
  const file = belfry.path(`${date}.txt`)
  writeFileSync(file, text)
  return file
}

function manyLines(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => `[10:00] <nick-${at % 500}> ${at} ${'x'.repeat(1_000)}\n`)
  return lines.join('')
}

function imports(room: string, ...files: string[]): Promise<ImportReport> {
  return belfry.json<ImportReport>('import', 'irc', '--room', room, ...files)
}

function said(): unknown[][] {
  const rows = belfry.query<Record<string, unknown>>(
    'SELECT n, username, body, messages."createdAt" AS at FROM messages JOIN users ON users.id = "authorId" ORDER BY n',
  )
  return rows.map(({ n, username, body, at }) => [n, username, body, at])
}

function tables(): unknown[] {
  return ['topics', 'users', 'rooms', 'members', 'messages'].map((table) => belfry.query(`SELECT * FROM ${table} ORDER BY 1`))
}

/** Of SQLite's write-ahead log, into which a transaction goes before it is committed. */
function logBytes(): number {
  return statSync(join(belfry.dataDir, 'belfry.sqlite-wal'), { throwIfNoEntry: false })?.size ?? 0
}

const GIVE_UP_AFTER_MS = 30_000

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + GIVE_UP_AFTER_MS
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never so: ${String(isSo)}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
