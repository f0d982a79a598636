import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findsSessions } from '#accounts/authenticate.ts'
import { NEW_PLACE } from '#accounts/memberships.ts'
import { hashPassword } from '#accounts/passwords.ts'
import { signIn } from '#accounts/sign-in.ts'
import { hashSecret } from '#lib/secrets.ts'
import { migrateTo } from '#store/migrate.ts'
import { PostgresPool } from '#store/postgres/connection.ts'
import type { Tables } from '#store/schema.ts'
import { openWriter } from '#store/sqlite/connection.ts'
import { emptyDatabaseOf } from './database.ts'
import { Person, TestClock, World } from './world.ts'

/** Ids carry the time at which they were made. */
const SESSION = '01900000-0000-7000-8000-000000000001'
const ENDED_SESSION = '01900000-0000-7000-8000-000000000002'

const DAY_MS = 24 * 60 * 60 * 1000
const PASSWORD = 'correct horse'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'belfry-migrate-')), 'data')
  mkdirSync(folder)
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

test('a database of the first release is read whole, and people go on where they were', async () => {
  const clock = new TestClock()
  await writtenByTheFirstRelease(clock.now())
  await using world = await World.open({ folder, clock })
  const { store } = world

  const { user } = await signIn(store, { username: 'ALICE', password: PASSWORD, device: 'x' })
  expect(user).toMatchObject({ id: 'u1', name: 'Ähm', role: 'admin', picture: null, importedFrom: null, changed: 3 })
  const signedIn = await findsSessions({ store, clock })('old-token')
  expect(signedIn).toMatchObject({ sessionId: SESSION })
  const alice = new Person(world, user, { token: 'old-token', sessionId: SESSION })
  const screen = await alice.opens(world.opensNode(), [['room:general'], ['workspace']])
  expect(screen.rows('workspace', 'workspace')).toMatchObject([{ name: 'Belfry', signUp: 'invite' }])
  expect(screen.bodies('room:general')).toEqual(['hello'])
  expect(screen.rows(alice.topic, 'notification')).toMatchObject([{ title: 'Build failed', readAt: null }])
  expect(screen.rows(alice.topic, 'counts')).toMatchObject([{ unread: 1 }])

  expect((await screen.calls('user.search', { query: 'äHM' })).result).toMatchObject({ total: 1, items: [{ id: 'u1' }] })
  expect((await screen.calls('session.list', {})).result).toMatchObject({ items: [{ device: 'x' }, { id: SESSION, isCurrent: true }] })
  expect((await screen.calls('key.list', {})).result).toMatchObject({ items: [{ id: 'k1', name: 'ci' }] })
  expect(await alice.post('and on')).toMatchObject({ n: 2 })
})

test('whoever was a member has a place there, with all read, and their own topic tells of it', async () => {
  const clock = new TestClock()
  await writtenByTheFirstRelease(clock.now())
  await using world = await World.open({ folder, clock })
  const seq = await world.seqOf('user:u1')
  expect(seq).toBe(5)
  expect(await world.table('places')).toEqual([{ id: 'general', userId: 'u1', changed: seq, readTo: 1, ...NEW_PLACE }])
})

test('a device was last used when its token was last made to last, or else when it was signed in', async () => {
  const clock = new TestClock()
  await writtenByTheFirstRelease(clock.now())
  await using world = await World.open({ folder, clock })
  const usedAt = (await world.table('sessions')).map(({ id, usedAt }) => [id, usedAt])
  expect(usedAt).toEqual([
    [SESSION, clock.now() - DAY_MS / 2],
    [ENDED_SESSION, clock.now() - 9 * DAY_MS],
  ])
})

/** Alice is signed in on one device and was on another, has posted once, and has one notification. */
async function writtenByTheFirstRelease(now: number): Promise<void> {
  const rows: [table: string, row: Record<string, string | number | null>][] = [
    ['users', { id: 'u1', changed: 3, username: 'Alice', folded: 'alice', name: 'Ähm', role: 'admin', createdAt: now - 10 * DAY_MS }],
    ['passwords', { userId: 'u1', hash: await hashPassword(PASSWORD) }],
    ['members', { id: 'u1', roomId: 'general', changed: 2, role: 'member', joinedAt: now - 10 * DAY_MS }],
    ['messages', { id: 'm1', roomId: 'general', n: 1, changed: 3, authorId: 'u1', body: 'hello', createdAt: now - DAY_MS }],
    [
      'notifications',
      { id: 'n1', userId: 'u1', since: 2, changed: 2, kind: 'notice', title: 'Build failed', priority: 'high', createdAt: now },
    ],
    ['counts', { userId: 'u1', id: 'inbox', changed: 2, unread: 1, unseen: 1 }],
    ['sessions', { id: SESSION, userId: 'u1', changed: 3, device: 'Firefox on Linux', createdAt: now - 10 * DAY_MS }],
    ['sessions', { id: ENDED_SESSION, userId: 'u1', changed: 4, device: 'curl', createdAt: now - 9 * DAY_MS, endedAt: now - 8 * DAY_MS }],
    ['tokens', { hash: hashSecret('old-token'), sessionId: SESSION, userId: 'u1', expiresAt: now + 29.5 * DAY_MS }],
    ['keys', { id: 'k1', name: 'ci', hash: 'h', scopes: 'notify', createdAt: now }],
  ]
  await onEmptyDatabase(async ({ db, exec }) => {
    await migrateTo(db, '0001-first')
    const then = db as never as { insertInto(table: string): { values(row: object): { execute(): Promise<void> } } }
    for (const [table, row] of rows) await then.insertInto(table).values(row).execute()
    await exec(`UPDATE topics SET seq = 3, posted = 1 WHERE topic = 'room:general'`)
    await exec(`UPDATE topics SET seq = 3 WHERE topic = 'workspace'`)
    await exec(`INSERT INTO topics (topic, seq, floor, posted) VALUES ('user:u1', 4, 0, 0)`)
  })
}

interface Connection {
  db: Kysely<Tables>
  exec(sql: string): Promise<void> | void
}

/** In the database that the folder's world will open. */
async function onEmptyDatabase(write: (connection: Connection) => Promise<void>): Promise<void> {
  const inTransaction = async (connection: Connection) => {
    await write(connection)
    await connection.exec('COMMIT')
  }
  const url = await emptyDatabaseOf(folder)
  if (url) {
    const pool = new PostgresPool(url, { max: 1 })
    await pool.use('BEGIN', inTransaction)
    await pool.close()
  } else {
    const connection = openWriter(join(folder, 'belfry.sqlite'))
    connection.exec('BEGIN')
    await inTransaction(connection)
    connection.close()
  }
}
