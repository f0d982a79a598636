import { verifyPassword } from '@belfry/server/accounts/passwords.ts'
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Belfry, PASSWORD } from './belfry.ts'

let belfry: Belfry
beforeEach(() => {
  belfry = new Belfry()
})
afterEach(() => belfry[Symbol.asyncDispose]())

test('an account is made with the password from standard input, of which only the hash is stored', async () => {
  const made = await belfry.run(['user', 'create', 'alice', '--name', 'Alice A', '--admin', '--password-stdin'], { input: `${PASSWORD}\n` })
  expect(made).toEqual({ code: 0, stdout: 'alice has an account now, as an administrator.\n', stderr: '' })
  const [{ hash }] = belfry.query<{ hash: string }>('SELECT hash FROM passwords') as [{ hash: string }]
  expect(hash).toMatch(/^\$argon2id\$/)
  expect(await verifyPassword(PASSWORD, hash)).toBe(true)
})

test('--json answers the row alone', async () => {
  const user = await belfry.json('user', 'create', 'bob', '--name', 'Bob B', '--password-stdin')
  expect(user).toMatchObject({ id: expect.any(String), username: 'bob', name: 'Bob B', role: 'member', disabledAt: null })
  expect(await belfry.json('user', 'list')).toEqual({ items: [{ ...user, canSignIn: true, sessions: 0 }], next: null, total: 1 })
})

test('the list is a table with aligned columns', async () => {
  expect((await belfry.run(['user', 'list'])).stdout).toMatch(/^There are no accounts yet/)
  await belfry.hasUser('alice')
  await belfry.hasUser('bo')
  const [headings, alice, bo] = (await belfry.run(['user', 'list'])).stdout.split('\n') as [string, string, string]
  const column = headings.indexOf('ROLE')
  expect(alice.slice(column)).toMatch(/^member {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}active {2}[\w-]{36}$/)
  expect(bo.slice(column)).toMatch(/^member/)
})

test('a name from before such names were refused cannot steer the terminal of who lists it', async () => {
  await belfry.hasUser('alice')
  belfry.writes((file) => file.prepare('UPDATE users SET name = ?').run('A\u001B[2Jlice'))
  const { stdout } = await belfry.run(['user', 'list'])
  expect(stdout).not.toContain('\u001B')
  expect(stdout).toContain('A\uFFFD[2Jlice')
})

test('[W2] what is refused is said in one line, ends with 1, and stores nothing', async () => {
  await belfry.hasUser('alice')
  const create = (username: string, input = PASSWORD) => belfry.run(['user', 'create', username, '--password-stdin'], { input })
  const taken = await create('ALICE')
  expect(taken).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^There is already an account named ALICE\..*\n$/) })
  expect(await create('.x.')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^username: must begin with .*\n$/) })
  expect(await create('carol', 'short')).toMatchObject({ code: 1, stderr: 'A password has 8 to 256 characters.\n' })
  expect(await create('carol', 'x'.repeat(257))).toMatchObject({ code: 1, stderr: 'A password has 8 to 256 characters.\n' })
  expect(belfry.query('SELECT id FROM users')).toHaveLength(1)
})

test('without a terminal the password is asked for on standard input only', async () => {
  const refused = await belfry.run(['user', 'create', 'alice'])
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--password-stdin') })
})

test('a new password replaces the old one', async () => {
  await belfry.hasUser('alice')
  const changed = await belfry.run(['user', 'password', 'alice', '--password-stdin'], { input: 'quite another one' })
  expect(changed).toMatchObject({ code: 0, stdout: 'alice has a new password and is signed out everywhere.\n' })
  const [{ hash }] = belfry.query<{ hash: string }>('SELECT hash FROM passwords') as [{ hash: string }]
  expect(await verifyPassword('quite another one', hash)).toBe(true)
  expect(await verifyPassword(PASSWORD, hash)).toBe(false)
})

test('who is disabled is listed as such', async () => {
  await belfry.hasUser('alice')
  expect(await belfry.json('user', 'disable', 'alice')).toMatchObject({ username: 'alice', disabledAt: expect.any(Number) })
  expect((await belfry.run(['user', 'list'])).stdout).toMatch(/disabled \d{4}-/)
})

test('the list is cut to what one can read, says so, and is searched', async () => {
  await belfry.hasUser('alice')
  hasRows('alina', 'bob')
  const [cut, json, found, none, wrong] = await Promise.all([
    belfry.run(['user', 'list', '--limit', '2']),
    belfry.json('user', 'list', '--limit', '2'),
    belfry.json('user', 'list', '--search', 'LI'),
    belfry.run(['user', 'list', '--state', 'disabled']),
    belfry.run(['user', 'list', '--limit', '0']),
  ])
  expect(cut.stdout.trimEnd().split('\n').at(-1)).toBe('2 of 3: --limit shows more, --search fewer.')
  expect(json).toMatchObject({ items: [{ username: 'alice' }, { username: 'alina' }], total: 3 })
  expect(found).toMatchObject({ items: [{ username: 'alice' }, { username: 'alina' }], total: 2, next: null })
  expect(none.stdout).toBe('There is no such account.\n')
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('A whole number from 1 on.') })
})

test('authors whom an import brought are listed on demand, and who has no password is said to have none', async () => {
  await belfry.hasUser('alice')
  hasRows('bob')
  const log = belfry.path('2004-12-25.txt')
  writeFileSync(log, '[10:00] <crimsun> hello\n')
  await belfry.json('import', 'irc', '--room', 'ubuntu', log)
  const [all, found, imported, inWords] = await Promise.all([
    belfry.json('user', 'list'),
    belfry.json('user', 'list', '--search', 'crimsun'),
    belfry.json('user', 'list', '--state', 'imported'),
    belfry.run(['user', 'list']),
  ])
  expect(all).toMatchObject({ items: [{ username: 'alice' }, { username: 'bob' }], total: 2 })
  expect(found).toMatchObject({ items: [], total: 0 })
  expect(imported).toMatchObject({ items: [{ username: 'crimsun', importedFrom: 'irc' }], total: 1 })
  const [, alice, bob] = inWords.stdout.split('\n')
  expect(alice).toMatch(/ {2}active {2}/)
  expect(bob).toMatch(/ {2}no password {2}/)
})

test('of large figures the thousands stand apart', async () => {
  await belfry.hasUser('alice')
  hasRows(...Array.from({ length: 1_200 }, (_, at) => `n${at}`))
  const [list, server] = await Promise.all([belfry.run(['user', 'list', '--limit', '1100']), belfry.run(['server'])])
  expect(list.stdout.trimEnd().split('\n').at(-1)).toBe('1,100 of 1,201: --limit shows more, --search fewer.')
  expect(server.stdout).toContain('\n1,201 accounts, 0 messages\n')
})

test('more than a page of them comes as one list', async () => {
  await belfry.hasUser('alice')
  hasRows(...Array.from({ length: 450 }, (_, at) => `n${at}`))
  type List = { items: { id: string }[]; total: number; next: string | null }
  const [all, some] = await Promise.all([
    belfry.json<List>('user', 'list', '--limit', '1000'),
    belfry.json<List>('user', 'list', '--limit', '250'),
  ])
  expect(new Set(all.items.map(({ id }) => id)).size).toBe(451)
  expect(all).toMatchObject({ total: 451, next: null })
  expect(some.items).toEqual(all.items.slice(0, 250))
  expect(some).toMatchObject({ total: 451, next: some.items.at(-1)!.id })
})

test('an account is renamed, by its user name or its id', async () => {
  const { id } = await belfry.hasUser('bob')
  hasRows('alice')
  const renamed = await belfry.run(['user', 'rename', 'bob', '--username', 'robert', '--name', 'Robert R'])
  expect(renamed).toEqual({ code: 0, stdout: 'This is robert now, whom people see as Robert R.\n', stderr: '' })
  expect(await belfry.json('user', 'rename', id, '--name', 'R')).toMatchObject({ id, username: 'robert', name: 'R' })
  const [taken, nothing] = await Promise.all([
    belfry.run(['user', 'rename', 'robert', '--username', 'ALICE']),
    belfry.run(['user', 'rename', 'robert']),
  ])
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringMatching(/^There is already/) })
  expect(nothing).toMatchObject({ code: 1, stderr: 'Say a new --username, a new --name, or both.\n' })
})

test('administrators are made and unmade, but for the last one', async () => {
  await belfry.hasUser('alice')
  await belfry.hasUser('bob')
  expect((await belfry.run(['user', 'role', 'alice', 'admin'])).stdout).toBe('alice is an administrator now.\n')
  const refused = [belfry.run(['user', 'role', 'alice', 'member']), belfry.run(['user', 'disable', 'alice'])]
  for (const answer of await Promise.all(refused))
    expect(answer).toMatchObject({ code: 1, stdout: '', stderr: 'alice is the last administrator. Make another one first.\n' })
  await belfry.json('user', 'role', 'bob', 'admin')
  expect((await belfry.run(['user', 'role', 'alice', 'member'])).stdout).toBe('alice is an ordinary member now.\n')
  expect((await belfry.run(['user', 'role', 'alice', 'guest'])).stdout).toBe('alice is a guest now.\n')
  expect(await belfry.run(['user', 'role', 'alice', 'boss'])).toMatchObject({ code: 2, stderr: expect.stringContaining('admin, member') })
})

test('who was disabled is let in again', async () => {
  await belfry.hasUser('alice')
  await belfry.json('user', 'disable', 'alice')
  expect(await belfry.json('user', 'enable', 'alice')).toMatchObject({ disabledAt: null })
})

test('[A4] whoever is disabled by the command line is cut off at the server that runs', async () => {
  const { url } = await belfry.serve()
  await belfry.hasUser('alice')
  const headers = { 'content-type': 'application/json' }
  const signedIn = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ username: 'alice', password: PASSWORD }),
  })
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket`, { headers: { cookie, origin: url } } as never)
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  socket.addEventListener('open', () => socket.send(JSON.stringify({ t: 'hello', v: 1, positions: [] })))
  await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }))
  await belfry.json('user', 'disable', 'alice')
  expect(await closed).toBe(4502)
})

test('an unknown account is named', async () => {
  const commands = [
    ['disable', 'carol'],
    ['enable', 'carol'],
    ['rename', 'carol', '--name', 'x'],
    ['role', 'carol', 'admin'],
    ['password', 'carol', '--password-stdin'],
  ]
  for (const refused of await Promise.all(commands.map((command) => belfry.run(['user', ...command], { input: PASSWORD }))))
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: 'There is no account named carol.\n' })
})

/** Accounts, put into the file: a process for each would take its time. */
function hasRows(...usernames: string[]): void {
  belfry.writes((file) => {
    const insert = file.prepare(
      `INSERT INTO users (id, changed, username, folded, sought, name, role, "createdAt") VALUES (?, 1, ?, ?, ?, ?, 'member', 1)`,
    )
    for (const name of usernames) insert.run(`id-${name}`, name, name, name, name)
  })
}
