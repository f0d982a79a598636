import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Belfry as Client, connect, keepInMemory } from '@belfry/client/belfry.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Belfry, PASSWORD, type Server } from './belfry.ts'
import { FollowingScreen } from './following-screen.ts'

let belfry: Belfry
let file: string
beforeEach(() => {
  belfry = new Belfry()
  file = belfry.path('one.backup')
})
afterEach(() => belfry[Symbol.asyncDispose]())

function inFile<T>(path: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return read(database)
  } finally {
    database.close()
  }
}

test('a backup beside a server that is written to is one moment: no row is newer than its topic, and none is missing', async () => {
  const server = await belfry.serve({ MESSAGES_BURST: '100000' })
  await belfry.hasUser('alice')
  const alice = await FollowingScreen.of(server, 'alice')
  const writing = { on: true, posted: 0 }
  const posts = async () => {
    for (; writing.on; writing.posted++) await alice.posts('general', `message ${writing.posted}`)
  }
  const all = Promise.all([posts(), posts()])
  for (const name of ['one', 'other']) {
    const before = writing.posted
    await expect.poll(() => writing.posted).toBeGreaterThan(before)
    const path = belfry.path(name)
    const said = await belfry.json('backup', path)
    expect(said).toMatchObject({ file: path, bytes: statSync(path).size, users: 1, moment: expect.any(Number) as number })
    expect(said['messages']).toBeGreaterThan(before)
    inFile(path, expectOneMoment)
  }
  writing.on = false
  await all
  alice.closes()
})

function expectOneMoment(database: DatabaseSync): void {
  const all = (sql: string) => database.prepare(sql).all()
  expect(all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(all('PRAGMA foreign_key_check')).toEqual([])
  const { seq, posted } = database.prepare(`SELECT seq, posted FROM topics WHERE topic = 'room:general'`).get()!
  const messages = all('SELECT n, changed FROM messages ORDER BY n')
  expect(messages.map(({ n }) => n)).toEqual(Array.from({ length: Number(posted) }, (_, at) => at + 1))
  expect(messages.at(-1)!.changed).toBe(seq)
}

test('[F3] [F8] whoever followed before a backup was restored starts afresh, and is not haunted by what the backup lacks', async () => {
  const server = await belfry.serve()
  const { id } = await belfry.hasUser('alice')
  const token = await tokenOf(server)
  const keep = keepInMemory()
  const opens = () => connect({ url: server.url, token, account: id, keep, rooms: ['general'] })
  const alice = opens()
  const bodies = (of: Client) =>
    of
      .room('general')
      .view.get()
      .items.map(({ body }) => body)
  const says = async (body: string) => {
    alice.room('general').post(body)
    await expect.poll(() => alice.unsent.get()).toBe(0)
  }
  await says('before')
  await belfry.json('backup', file)
  await says('lost')
  await says('lost as well')
  await server.end('SIGTERM')

  const restored = { DATA_DIR: belfry.path('restored') }
  const { code, stdout } = await belfry.run(['restore', file], { env: restored })
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\S+restored holds .* 1 message and 1 person, as of .*\n.*starts afresh/),
  })
  await saysMeanwhile(restored, ['one', 'two', 'three'])
  await belfry.serve({ ...restored, PORT: new URL(server.url).port })
  await expect.poll(() => (alice.retryNow(), bodies(alice))).toEqual(['before', 'one', 'two', 'three'])
  await says('after')
  expect(bodies(alice)).toEqual(['before', 'one', 'two', 'three', 'after'])
  alice.close()
  const later = opens()
  await expect.poll(() => bodies(later)).toEqual(['before', 'one', 'two', 'three', 'after'])
  later.close()
})

/** Takes the numbers and seqs of what was lost, before anybody has come back. */
async function saysMeanwhile(env: Record<string, string>, said: string[]): Promise<void> {
  const server = await belfry.serve(env)
  const screen = await FollowingScreen.of(server, 'alice')
  for (const body of said) await screen.posts('general', body)
  screen.closes()
  await server.end('SIGTERM')
}

async function tokenOf({ url }: Server): Promise<string> {
  const body = JSON.stringify({ username: 'alice', password: PASSWORD })
  const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return /^belfry=([^;]+)/.exec(answer.headers.get('set-cookie')!)![1]!
}

test('where a restore was killed no server begins with nothing, and the doctor says so; it can be repeated', async () => {
  await belfry.hasUser('alice')
  await belfry.json('backup', file)
  const there = { env: { DATA_DIR: belfry.path('there') } }
  const part = join(there.env.DATA_DIR, 'belfry.sqlite.part')
  mkdirSync(there.env.DATA_DIR)
  writeFileSync(part, 'As much of it as was there when it was killed.')
  const says = expect.stringMatching(/belfry\.sqlite\.part, a copy .* repeat the restore before anything starts there\./) as string
  for (const args of [['user', 'list'], ['serve'], ['backup', `${file}2`], ['move', 'postgres://alice@127.0.0.1/belfry']])
    expect(await belfry.run(args, there)).toMatchObject({ code: 1, stderr: says })
  expect(await belfry.run(['doctor'], there)).toMatchObject({ code: 1, stdout: says })
  rmSync(part)
  expect(await belfry.run(['restore', file], there)).toMatchObject({ code: 0 })
  expect(await belfry.run(['user', 'list'], there)).toMatchObject({ code: 0, stdout: expect.stringContaining('alice') as string })
})

test('a backup that is interrupted, killed, or too large for the disk leaves no file of its name; what a killed one leaves is named', async () => {
  await belfry.hasUser('alice')
  belfry.writes((database) =>
    database.exec(
      `WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count LIMIT 100000) INSERT INTO meta SELECT 'key ' || n, 'value' FROM count`,
    ),
  )
  const endedBy = async (signal: NodeJS.Signals, tries = 5): Promise<number | NodeJS.Signals> => {
    const child = belfry.begins(['backup', file])
    const end = () => child.exitCode ?? child.signalCode
    await expect.poll(() => end() === 0 || existsSync(`${file}.part`), { interval: 5 }).toBe(true)
    child.kill(signal)
    await expect.poll(end).not.toBeNull()
    if (end() !== 0 || tries === 1) return end()!
    // It was done before the signal came.
    rmSync(file)
    return endedBy(signal, tries - 1)
  }
  const isLeft = () => [file, `${file}.part`].filter(existsSync)
  expect(await endedBy('SIGINT')).toBe(1)
  expect(isLeft()).toEqual([])
  const full = await belfry.run(['backup', file], { fileMaxBytes: 1024 * 1024 })
  expect(full).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^\S+ takes no more of it \(disk I\/O error\)\. Nothing was copied\.\n$/),
  })
  expect(isLeft()).toEqual([])
  expect(await endedBy('SIGKILL')).toBe('SIGKILL')
  expect(isLeft()).toEqual([`${file}.part`])
  expect(await belfry.run(['backup', file])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/one\.backup\.part is there already\. .*then remove it/),
  })
  rmSync(`${file}.part`)
  expect(await belfry.run(['backup', file])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/one\.backup: \d+\.\d MB, 0 messages and 1 person, as of/),
  })
})
