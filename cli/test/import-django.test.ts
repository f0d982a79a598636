import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ImportReport } from '#import/report.ts'
import { Belfry, type Server } from './belfry.ts'
import { djangoHash, DjangoProject, type Names } from './django-project.ts'

const PASSWORD = 'prachi-pass-2026'

let belfry: Belfry
beforeEach(() => {
  belfry = new Belfry()
})
afterEach(() => belfry[Symbol.asyncDispose]())

const PROJECTS: [string, Partial<Names>][] = [
  ['as in the demo', {}],
  ['with other columns', { text: 'content', time: 'created_at', author: 'author_id', recipient: 'recipient_id', read: 'read' }],
  ['with another app', { messages: 'core_chatmessage', notifications: 'core_notification' }],
  ['with a user model of its own', { users: 'people_member', messages: 'talk_line', notifications: 'talk_alert', time: 'sent_at' }],
]

test.each(PROJECTS)('a project %s: people, messages and notifications are as they were', async (_, names) => {
  makeProject(names)
  const report = await imports()
  expect(report).toMatchObject({
    room: { id: 'general', isNew: false, postedBefore: 0 },
    accounts: { stored: 3, there: 0 },
    messages: { stored: 3, there: 0 },
    notifications: { stored: 3, there: 0 },
    skipped: [],
  })
  expect(belfry.query('SELECT username, name, role, "disabledAt" IS NOT NULL AS off, "importedFrom" FROM users ORDER BY username')).toEqual(
    [
      { username: 'admin', name: 'Ada Admin', role: 'admin', off: 0, importedFrom: null },
      { username: 'aman', name: 'aman', role: 'member', off: 1, importedFrom: null },
      { username: 'prachi', name: 'Prachi', role: 'member', off: 0, importedFrom: null },
    ],
  )
  const said = 'SELECT n, username, body, messages."createdAt" FROM messages JOIN users ON users.id = "authorId" ORDER BY n'
  expect(belfry.query(said)).toEqual([
    { n: 1, username: 'aman', body: 'first of all', createdAt: Date.UTC(2011, 3, 28, 6, 23, 59, 999) },
    { n: 2, username: 'prachi', body: 'hello', createdAt: Date.UTC(2011, 3, 28, 6, 24) },
    { n: 3, username: 'prachi', body: '  hello\nagain', createdAt: Date.UTC(2011, 3, 28, 6, 24) },
  ])
  const told =
    'SELECT username, title, "readAt" IS NOT NULL AS read, "seenAt" IS NOT NULL AS seen FROM notifications JOIN users ON users.id = "userId" ORDER BY notifications.id'
  expect(belfry.query(told)).toEqual([
    { username: 'prachi', title: 'Export 1 is ready', read: 1, seen: 1 },
    { username: 'prachi', title: 'Export 2 is ready', read: 0, seen: 0 },
    { username: 'aman', title: 'Export 3 is ready', read: 0, seen: 0 },
  ])
  const counts = 'SELECT username, unread, unseen FROM counts JOIN users ON users.id = "userId" ORDER BY username'
  expect(belfry.query(counts)).toEqual([
    { username: 'admin', unread: 0, unseen: 0 },
    { username: 'aman', unread: 1, unseen: 1 },
    { username: 'prachi', unread: 1, unseen: 1 },
  ])
})

test('a password from there lets in over HTTP; after that it is our own hash, which lets in again', async () => {
  makeProject()
  const server = await belfry.serve()
  await imports()
  expect(await signsIn(server, 'prachi', 'another')).toBe(401)
  expect(hashOf('prachi')).toMatch(/^pbkdf2_sha256\$/)
  expect(await signsIn(server, 'prachi', PASSWORD)).toBe(200)
  expect(hashOf('prachi')).toMatch(/^\$argon2id\$/)
  expect(await signsIn(server, 'prachi', PASSWORD)).toBe(200)
  expect(await signsIn(server, 'aman', PASSWORD)).toBe(401)
})

test('run again, nothing is doubled; what is new meanwhile is brought', async () => {
  makeProject()
  await imports()
  const before = tables()
  const again = await imports()
  expect(tables()).toEqual(before)
  expect(again).toMatchObject({
    messages: { stored: 0, there: 3 },
    accounts: { stored: 0, there: 3 },
    notifications: { stored: 0, there: 3 },
  })
  expect(again.kept).toEqual(['admin', 'prachi', 'aman'])
  using project = openProject()
  project.exec(`INSERT INTO chat_chatmessage VALUES (9, 'one more', '2026-11-22 11:00:00', 2)`)
  expect(await imports()).toMatchObject({ messages: { stored: 1, there: 3 }, room: { postedBefore: 3 } })
})

test('who was renamed there is the same person here, with nothing doubled', async () => {
  using project = new DjangoProject(path()).hasUser({ id: 1, username: 'prachi' }).said(1, { by: 1, text: 'hello' })
  project.told(1, { to: 1, text: 'Export 1 is ready', read: 0 })
  await imports()
  const before = tables()
  project.renames(1, 'prachi-s')
  expect(await imports()).toMatchObject({
    accounts: { stored: 0, there: 1 },
    messages: { stored: 0, there: 1 },
    notifications: { stored: 0, there: 1 },
  })
  expect(tables()).toEqual(before)
})

test('what was read there meanwhile is read here after the next import, and the report says of how many', async () => {
  using project = new DjangoProject(path()).hasUser({ id: 1, username: 'prachi', is_superuser: 1, password: djangoHash(PASSWORD) })
  for (const id of [1, 2]) project.told(id, { to: 1, text: `Export ${id} is ready`, read: 0 })
  await imports()
  project.file.exec('UPDATE chat_notification SET is_read = 1 WHERE id = 2')
  expect(await imports('--dry-run')).toMatchObject({ readSince: 1 })
  const { stdout } = await belfry.run(['import', 'django', path()])
  expect(stdout).toContain('\n- Read there meanwhile, and so here: 1 notification.\n')
  const told = 'SELECT title, "readAt" = "createdAt" AS read, "seenAt" = "createdAt" AS seen FROM notifications ORDER BY id'
  expect(belfry.query(told)).toEqual([
    { title: 'Export 1 is ready', read: null, seen: null },
    { title: 'Export 2 is ready', read: 1, seen: 1 },
  ])
  expect(belfry.query('SELECT unread, unseen FROM counts')).toEqual([{ unread: 1, unseen: 1 }])
  const before = tables()
  expect(await imports()).toMatchObject({ readSince: 0 })
  expect(tables()).toEqual(before)
})

test('what was edited there since it was brought is not brought again, however long it is now', async () => {
  using project = new DjangoProject(path()).hasUser({ id: 1, username: 'prachi' })
  project.said(1, { by: 1, text: 'hello' }).said(2, { by: 1, text: 'word '.repeat(5_000) })
  project.told(1, { to: 1, text: 'Export 1 is ready', read: 0 })
  await imports()
  const before = tables()
  project.file.exec(`UPDATE chat_chatmessage SET message = '${'longer '.repeat(5_000)}' WHERE id = 1`)
  project.file.exec(`UPDATE chat_chatmessage SET message = 'shorter' WHERE id = 2`)
  project.file.exec(`UPDATE chat_notification SET message = 'Export 1 is there'`)
  expect(await imports()).toMatchObject({ messages: { stored: 0, there: 4 }, notifications: { stored: 0, there: 1 } })
  expect(tables()).toEqual(before)
})

test('the first account of two projects is two people', async () => {
  const joins = (username: string, time: string) => {
    using project = new DjangoProject(belfry.path(`${username}.sqlite3`)).hasUser({ id: 1, username })
    project.file.exec(`UPDATE auth_user SET date_joined = '${time}'`)
  }
  joins('alice', '2026-11-22 10:55:35.214608')
  joins('bob', '2026-11-22 10:55:35.214609')
  for (const username of ['alice', 'bob'])
    expect(await belfry.json('import', 'django', belfry.path(`${username}.sqlite3`))).toMatchObject({ accounts: { stored: 1 } })
})

test('what is left out is said, with its reason and its first row; what is too long is split, and nothing of it lost', async () => {
  const long = `${'word '.repeat(5_000)}end`
  using project = new DjangoProject(path()).hasUser({ id: 1, username: 'prachi', password: djangoHash(PASSWORD), is_superuser: 1 })
  project
    .said(1, { by: 1, text: '   ' })
    .said(2, { by: null, text: 'whose?' })
    .said(3, { by: 99, text: 'whose?' })
    .said(4, { by: 1, text: 'when?', time: 'yesterday' })
    .said(5, { by: 1, text: long })
  const { skipped, messages } = await imports()
  expect(skipped).toEqual([
    { what: 'rows of chat_chatmessage without a text', count: 1, first: 'chat_chatmessage 1' },
    { what: 'rows of chat_chatmessage whose person is not among the accounts', count: 2, first: 'chat_chatmessage 2' },
    { what: 'rows of chat_chatmessage without a time', count: 1, first: 'chat_chatmessage 4' },
  ])
  expect(messages.stored).toBe(2)
  expect(bodies().join('')).toBe(long)
  expect(Math.max(...bodies().map((body) => body.length))).toBeLessThanOrEqual(16_000)
})

test('a long notification begins in its title and stands in its body; what is too long for that too is cut, and that is said', async () => {
  const [long, tooLong] = ['word '.repeat(800), 'word '.repeat(801)] as const
  using project = new DjangoProject(path()).hasUser({ id: 1, username: 'prachi' })
  project.told(1, { to: 1, text: long, read: 0 }).told(2, { to: 1, text: tooLong, read: 0 })
  const { skipped, notifications } = await imports()
  expect(notifications.stored).toBe(2)
  expect(skipped).toEqual([{ what: 'ends of notifications of more than 4,000 characters', count: 1, first: 'chat_notification 2' }])
  const [whole, cut] = belfry.query<{ title: string; body: string }>('SELECT title, body FROM notifications ORDER BY id')
  expect(whole!.title).toMatch(/^word .*word…$/)
  expect(whole!.title.length).toBeLessThanOrEqual(200)
  expect(whole!.body).toBe(long)
  expect(cut!.body).toMatch(/^word .*word…$/)
  expect(cut!.body.length).toBeLessThanOrEqual(4_000)
})

test('user names: of two that are one here the later gets a number, and who has an account here is that person', async () => {
  await belfry.hasUser('Prachi')
  using project = new DjangoProject(path())
  const odd = `${'x'.repeat(120)}@example.com`
  for (const [at, username] of ['prachi', 'aman', 'Aman', 'AMAN', odd].entries()) {
    project.hasUser({ id: at + 1, username }).said(at + 1, { by: at + 1, text: `I am ${username}` })
  }
  const report = await imports()
  expect(report.kept).toEqual(['prachi'])
  expect(report.remarks).toContainEqual(expect.stringContaining('Aman is Aman-2, AMAN is AMAN-3.'))
  const said = 'SELECT username, body FROM messages JOIN users ON users.id = "authorId" ORDER BY n'
  expect(belfry.query(said)).toEqual([
    { username: 'Prachi', body: 'I am prachi' },
    { username: 'aman', body: 'I am aman' },
    { username: 'Aman-2', body: 'I am Aman' },
    { username: 'AMAN-3', body: 'I am AMAN' },
    { username: odd, body: `I am ${odd}` },
  ])
  expect((await imports()).accounts).toEqual({ stored: 0, there: 5 })
})

test('names are one line: what breaks it or turns it around goes, and where nothing is left the user name stands', async () => {
  using project = new DjangoProject(path())
  project.hasUser({ id: 1, username: 'prachi\u202E', first_name: 'Prachi\n', last_name: '\u2067Sharma\tRao' })
  project.hasUser({ id: 2, username: 'prachi' }).hasUser({ id: 3, username: 'aman', first_name: '\u200F' })
  project.said(1, { by: 1, text: 'hello' })
  expect((await imports()).accounts).toEqual({ stored: 3, there: 0 })
  expect(belfry.query('SELECT username, name FROM users ORDER BY "createdAt", username')).toEqual([
    { username: 'aman', name: 'aman' },
    { username: 'prachi', name: 'Prachi Sharma Rao' },
    { username: 'prachi-2', name: 'prachi' },
  ])
})

test('no name that was brought has power over the terminal of whoever looks after it', async () => {
  using project = new DjangoProject(path()).hasUser({ id: 1, username: 'prachi' })
  project.said(1, { by: 1, text: 'hello' })
  await imports()
  // As one stands there that was brought before names were made one line.
  belfry.writes((file) => file.prepare('UPDATE users SET username = ?').run('\u001b[31mprachi'))
  const [{ id }] = belfry.query<{ id: string }>('SELECT id FROM users') as [{ id: string }]
  for (const words of [
    ['disable', id],
    ['enable', id],
    ['role', id, 'admin'],
    ['rename', id, '--name', 'Prachi'],
  ]) {
    const { code, stdout } = await belfry.run(['user', ...words])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringContaining('\u001b') })
    expect(stdout).toContain('prachi')
  }
})

test('passwords that cannot be verified here are not brought, and it is said why', async () => {
  using project = new DjangoProject(path())
  project.hasUser({ id: 1, username: 'alice', password: djangoHash(PASSWORD).replace('1000', '2000001'), is_superuser: 1 })
  project
    .hasUser({ id: 2, username: 'bob', password: 'bcrypt_sha256$$2b$12$x' })
    .hasUser({ id: 3, username: 'carol', password: '!unusable' })
  const { remarks, withoutPassword } = await imports()
  expect(belfry.query('SELECT * FROM passwords')).toEqual([])
  expect(withoutPassword).toEqual(['alice', 'bob', 'carol'])
  expect((await imports()).withoutPassword).toEqual([])
  expect(remarks).toContainEqual(expect.stringMatching(/^1 account \(alice\) is without a password here: .*more than 2,000,000 iterations/))
  expect(remarks).toContainEqual(expect.stringMatching(/^1 account \(bob\) .*bcrypt_sha256/))
  expect(remarks).toContainEqual(expect.stringMatching(/^1 account \(carol\) .*there was none/))
  expect(remarks).toContainEqual(expect.stringContaining('npx belfry user create NAME --admin'))
})

test('into a room of its own, which all who have an account may read and write', async () => {
  await belfry.hasUser('carol')
  makeProject()
  expect(await imports('--room', 'The old chat')).toMatchObject({ room: { name: 'The old chat', isNew: true } })
  const members =
    'SELECT username FROM members JOIN users ON users.id = members.id JOIN rooms ON rooms.id = "roomId" WHERE rooms.name = ? ORDER BY username'
  const everybody = ['admin', 'aman', 'carol', 'prachi'].map((username) => ({ username }))
  expect(belfry.query(members, 'The old chat')).toEqual(everybody)
  expect(belfry.query(members, 'General')).toEqual(everybody)
})

test('--dry-run reads and reports, and stores nothing', async () => {
  makeProject()
  const report = await imports('--dry-run')
  expect(report).toMatchObject({ dryRun: true, accounts: { stored: 3 }, messages: { stored: 3 }, notifications: { stored: 3 } })
  expect(tables()).toEqual([[], [], [], []])
})

test('the report for a person', async () => {
  makeProject()
  const { code, stdout, stderr } = await belfry.run(['import', 'django', path()])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(`Brought into the room General:

               NEW  HERE ALREADY
messages         3             0
notifications    3             0
accounts         3             0

Nothing was left out.

- Messages were taken from chat_chatmessage (user_id, message, timestamp); another table: --messages TABLE.
- Notifications were taken from chat_notification (user_id, message, timestamp, is_read); another table: --notifications TABLE.
- 1 account (aman) is without a password here: there was none. Set one: npx belfry user password NAME
`)
})

test('what is no project’s database: one clear line, and no data folder', async () => {
  const refused = (file: string) => belfry.run(['import', 'django', file])
  writeFileSync(belfry.path('text'), 'this was never a database, and is long enough to look'.repeat(100))
  writeFileSync(belfry.path('empty'), '')
  const expected: [string, RegExp][] = [
    ['nowhere', /^There is no file \S+\. Nothing was stored\.\n$/],
    ['.', /^\S+ is no file\. Nothing was stored\.\n$/],
    ['text', /^\S+ is no SQLite database\. Nothing was stored\.\n$/],
    ['empty', /^This is no database of a Django project: [^\n]+\n$/],
  ]
  for (const [file, says] of expected)
    expect(await refused(belfry.path(file))).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(says) })
  expect(() => belfry.query('SELECT 1')).toThrow()
})

function path(): string {
  return belfry.path('db.sqlite3')
}

/** A small project: an administrator, two people, what they said and were told. */
function makeProject(names: Partial<Names> = {}): void {
  using project = new DjangoProject(path(), names)
  project
    .hasUser({ id: 1, username: 'admin', first_name: 'Ada', last_name: 'Admin', is_superuser: 1, password: djangoHash('admin-pass-2026') })
    .hasUser({ id: 2, username: 'prachi', first_name: 'Prachi', password: djangoHash(PASSWORD) })
    .hasUser({ id: 3, username: 'aman', is_active: 0 })
    .said(1, { by: 2, text: 'hello' })
    .said(2, { by: 2, text: '  hello\nagain' })
    .said(3, { by: 3, text: 'first\u0000 of all', time: '2011-04-28 06:23:59.999000' })
    .told(1, { to: 2, text: 'Export 1 is ready', read: 1 })
    .told(2, { to: 2, text: 'Export 2 is ready', read: 0 })
    .told(3, { to: 3, text: 'Export 3 is ready', read: 0 })
}

function openProject(): DatabaseSync {
  return new DatabaseSync(path())
}

function imports(...options: string[]): Promise<ImportReport> {
  return belfry.json<ImportReport>('import', 'django', path(), ...options)
}

function tables(): unknown[] {
  return ['users', 'messages', 'notifications', 'passwords'].map((table) => belfry.query(`SELECT * FROM ${table} ORDER BY 1`))
}

function bodies(): string[] {
  return belfry.query<{ body: string }>('SELECT body FROM messages ORDER BY n').map(({ body }) => body)
}

function hashOf(username: string): string {
  return belfry.query<{ hash: string }>('SELECT hash FROM passwords JOIN users ON users.id = "userId" WHERE username = ?', username)[0]!
    .hash
}

async function signsIn({ url }: Server, username: string, password: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers, body: JSON.stringify({ username, password }) })
  return answer.status
}
