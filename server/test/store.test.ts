import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writes } from '#commands.ts'
import { systemClock } from '#lib/clock.ts'
import type { Announcement } from '#bus/announcement.ts'
import { runBatch } from '#store/sqlite/run-batch.ts'
import { openReader, openWriter } from '#store/sqlite/connection.ts'
import { lockFolder } from '#store/sqlite/folder.ts'
import { openStore } from '#store/store.ts'
import { topicCounter } from '#store/topics.ts'
import { until } from './settle.ts'
import { testWrites } from './test-writes.ts'
import { refusal, World } from './world.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function opens(more: Partial<Parameters<typeof openStore>[0]> = {}) {
  return openStore({ folder, writes: testWrites, clock: systemClock, onAnnouncements() {}, onFailure() {}, ...more })
}

async function whyNot(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'it opened',
    (error: Error) => `${error.name}: ${error.message}`,
  )
}

test('[W6] the writer in a thread of its own commits, announces and answers, and says when another process wrote', async () => {
  const announced: Announcement[] = []
  let moved = 0
  const writerScript = new URL('../src/writer.ts', import.meta.url)
  const store = await opens({ writes, writerScript, onAnnouncements: (list) => announced.push(...list), onMoved: () => void (moved += 1) })
  const user = await store.write<{ id: string }>({
    name: 'user.create',
    input: { username: 'alice', passwordHash: 'none' },
    actor: { is: 'operator' },
  })
  expect(announced.map(({ topic }) => topic)).toContain(`user:${user.id}`)
  expect(
    await refusal(store.write({ name: 'user.create', input: { username: 'ALICE', passwordHash: 'none' }, actor: { is: 'operator' } })),
  ).toBe('username-taken')
  expect(await store.read((db) => db.selectFrom('users').select('username').execute())).toEqual([{ username: 'alice' }])

  const beside = await opens()
  await beside.write({ name: 'user.create', input: { username: 'bob', passwordHash: 'none' }, actor: { is: 'operator' } })
  await until(() => moved > 0)
  await beside[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
  expect(await refusal(store.write({ name: 'invite.first', input: { secret: 'x' }, actor: { is: 'operator' } }))).toBe('shutting-down')
})

test('[W6] the writer syncs each commit to the disk and keeps a write-ahead log; readers cannot write', async () => {
  await using _store = await opens()
  const path = join(folder, 'belfry.sqlite')
  const writer = openWriter(path)
  const reader = openReader(path)
  expect(await pragma(writer, 'synchronous')).toBe(2)
  expect(await pragma(writer, 'journal_mode')).toBe('wal')
  expect(() => reader.exec(`DELETE FROM meta`)).toThrow('readonly')
  writer.close()
  reader.close()
})

async function pragma({ db }: { db: ReturnType<typeof openWriter>['db'] }, name: string): Promise<unknown> {
  const { rows } = await db.executeQuery<Record<string, unknown>>({
    sql: `PRAGMA ${name}`,
    parameters: [],
    query: { kind: 'RawNode' },
    queryId: { queryId: name },
  } as never)
  return rows[0]![name]
}

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

test('[W7] rights are decided in the transaction that acts: who is removed in the same batch does not post any more', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const [, late] = await Promise.all([
    world.operates('test.member', { roomId: 'general', userId: alice.id, is: 'out' }),
    refusal(alice.post('late')),
  ])
  expect(late).toBe('not-found')
  expect(await world.table('messages')).toEqual([])
})

test('[W7] [A4] a device that is signed out in the same batch does nothing any more', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const [, posted, marked] = await Promise.all([alice.signsOut(), refusal(alice.post('late')), refusal(alice.marksAllRead(1))])
  expect([posted, marked]).toEqual(['unauthenticated', 'unauthenticated'])
})

test('[W2] [W4] a full disk refuses writes as unavailable, stores nothing of them, and all works again when there is room', async () => {
  await using _ = await opens()
  const path = join(folder, 'belfry.sqlite')
  const connection = openWriter(path)
  const context = { connection, table: testWrites, now: () => Date.now(), epoch: 'e' }
  const make = (name: string) => ({ name: 'test.room', input: { id: uuidv7(), name, kind: 'open' }, actor: { is: 'operator' as const } })
  await runBatch(context, [make('before')])
  connection.exec('PRAGMA max_page_count = 1')
  const { outcomes, announcements } = await runBatch(context, [
    make('a'.repeat(20_000)),
    { ...make(''), name: 'test.nothing' },
    make('b'.repeat(20_000)),
  ])
  expect(outcomes).toMatchObject([{ because: 'disk-full' }, { is: 'done' }, { because: 'disk-full' }])
  expect(announcements).toEqual([])
  connection.exec('PRAGMA max_page_count = 1000000')
  const { outcomes: after } = await runBatch(context, [make('c'.repeat(20_000))])
  expect(after).toMatchObject([{ is: 'done' }])
  expect(await connection.db.selectFrom('rooms').select('id').execute()).toHaveLength(3)
  connection.close()
})

test('[W2] a full disk is told to the caller with when to come again', async () => {
  await using store = await opens({
    writes: { ...testWrites, 'test.full': { one: async () => Promise.reject(Object.assign(new Error('full'), { errcode: 13 })) } },
  })
  const refused = await store
    .write({ name: 'test.full', input: {}, actor: { is: 'operator' } })
    .catch((error: Error & { body: object }) => error.body)
  expect(refused).toMatchObject({ code: 'unavailable', retryAfterMs: 5_000 })
})

test('[F4] a write of another process is noticed, and reaches who follows', async () => {
  await using world = await World.open({ folder })
  const bob = await world.person('bob')
  const screen = await bob.opens(world.opensNode())
  await using beside = await World.open({ folder })
  const told = screen.told('change').length
  await beside.store.write({ name: 'notification.publish', input: { to: 'bob', title: 'From beside' }, actor: { is: 'operator' } })
  await until(() => screen.told('change').length > told)
  expect(screen.rows(bob.topic, 'notification').map((row) => row.title)).toEqual(['From beside'])
})

test('a second server on the same folder is refused with one clear line; the folder is its owner’s alone', () => {
  const lock = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(/^Another Belfry server is already using the data folder /)
  lock[Symbol.dispose]()
  lockFolder(folder)[Symbol.dispose]()
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

test('a database that a newer Belfry wrote is refused with one clear line', async () => {
  await (await opens())[Symbol.asyncDispose]()
  const file = new DatabaseSync(join(folder, 'belfry.sqlite'))
  file.exec(`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '2099-01-01')`)
  file.close()
  expect(await whyNot(opens())).toMatch(/^CannotStart: The database .* was written by a newer Belfry\./)
})

test('what is no database, or a damaged one, is refused with one clear line', async () => {
  writeFileSync(join(folder, 'belfry.sqlite'), 'This is a letter, not a database. '.repeat(100))
  expect(await whyNot(opens())).toMatch(/^CannotStart: .* is not a database, or is damaged\./)
})

test('a folder that cannot be made is refused with one clear line', async () => {
  writeFileSync(join(folder, 'file'), '')
  expect(await whyNot(opens({ folder: join(folder, 'file', 'data') }))).toMatch(
    /^CannotStart: The data folder .* cannot be made or written to/,
  )
})

test('[F8] a database keeps its epoch', async () => {
  const first = await opens()
  await first[Symbol.asyncDispose]()
  const second = await opens()
  expect(second.epoch).toBe(first.epoch)
  await second[Symbol.asyncDispose]()
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
