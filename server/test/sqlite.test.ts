import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Room } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writes } from '#commands.ts'
import { systemClock } from '#lib/clock.ts'
import type { Announcement } from '#bus/announcement.ts'
import { runBatch } from '#store/sqlite/run-batch.ts'
import type { Write } from '#store/batch.ts'
import { openReader, openWriter } from '#store/sqlite/connection.ts'
import { lockFolder } from '#store/sqlite/folder.ts'
import { openStore } from '#store/store.ts'
import { settles, until } from './settle.ts'
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

test('[W4] when SQLite has ended the transaction by itself, each write runs again alone', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const results = await Promise.all([alice.post('one'), refusal(world.operates('test.lose', {})), alice.post('two')])
  expect(results).toMatchObject([{ n: 1 }, 'internal', { n: 2 }])
  expect((await world.table('messages')).map((message) => message.body)).toEqual(['one', 'two'])
  // Others may have committed between them: each is a change of its own.
  const changes = world.announced.filter(({ topic }) => topic === 'room:general').slice(-2)
  expect(changes.map(({ prev, seq }) => seq - prev)).toEqual([1, 1])
  expect(changes[1]!.prev).toBe(changes[0]!.seq)
})

test('[W1] [W4] what several writes of a batch did to one topic is one commit and one announcement, with every row in its last state', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const [one, two] = await alice.posts('one', 'two')
  const before = { announced: world.announced.length, commits: world.store.queue.stats.commits }
  const [first, gone, last] = await Promise.all([alice.edits(one!, 'changed'), alice.deletes(two!), alice.post('three')])
  expect(world.announced).toHaveLength(before.announced + 1)
  expect(world.store.queue.stats.commits).toBe(before.commits + 1)
  expect(world.announced.at(-1)).toMatchObject({ prev: two!.changed, seq: last.changed, rows: { message: [first, gone, last] } })
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

test('[A2] who leaves and comes back within one batch, to a room whose history is its members’, sees none of what was before', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', kind: 'closed', history: 'since-joined' })
  const adds = () => alice.does('member.add', { roomId, id: bob.id })
  await adds()
  const mine = await bob.post('mine', { roomId })
  const screen = await bob.opens(world.opensNode(), [[roomTopic(roomId)]])
  const position = screen.position(roomTopic(roomId))!
  await Promise.all([alice.does('member.remove', { roomId, id: bob.id }), alice.post('behind their back', { roomId }), adds()])
  await alice.post('welcome back', { roomId })
  await settles()
  expect(screen.bodies(roomTopic(roomId)).at(-1)).toBe('welcome back')
  expect(screen.bodies(roomTopic(roomId))).not.toContain('behind their back')
  expect(await refusal(bob.edits(mine, 'changed'))).toBe('not-found')
  expect(await refusal(bob.deletes(mine))).toBe('not-found')

  const offline = await bob.opens(world.opensNode(), [[roomTopic(roomId), position.epoch, position.seq]])
  expect(offline.told('snapshot', roomTopic(roomId))).toHaveLength(1)
  expect(offline.bodies(roomTopic(roomId))).toEqual(['welcome back'])
})

test('[W4] while another process holds the database, a whole batch is told once to come again', async () => {
  await using world = await World.open()
  await world.person('alice')
  const path = join(world.folder, 'belfry.sqlite')
  const connection = openWriter(path)
  connection.exec('PRAGMA busy_timeout = 1')
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  const context = { connection, table: testWrites, now: () => 0, epoch: world.store.epoch }
  const nothing: Write = { name: 'test.nothing', input: {}, actor: { is: 'operator' } }
  const { outcomes } = await runBatch(context, [nothing, nothing])
  expect(outcomes).toMatchObject([{ because: 'locked' }, { because: 'locked' }])
  other.exec('ROLLBACK')
  other.close()
  expect((await runBatch(context, [nothing])).outcomes).toEqual([{ is: 'done', result: null }])
  connection.close()
})

test('a limit stands in the text of a statement, so that SQLite plans it once', () => {
  const { db, close } = openWriter(':memory:')
  const { sql, parameters } = db.selectFrom('meta').select('key').where('value', '=', 'x').limit(5).offset(2).compile()
  close()
  expect(sql).toBe('select "key" from "meta" where "value" = ? limit 5 offset ?')
  expect(parameters).toEqual(['x', 2])
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
