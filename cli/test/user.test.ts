import { verifyPassword } from '@belfry/server/accounts/passwords.ts'
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

test('a name cannot steer the terminal of who lists it', async () => {
  await belfry.json('user', 'create', 'alice', '--name', 'A\u001B[2Jlice', '--password-stdin')
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

test('an unknown account is named', async () => {
  for (const command of [
    ['disable', 'carol'],
    ['password', 'carol', '--password-stdin'],
  ]) {
    const refused = await belfry.run(['user', ...command], { input: PASSWORD })
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: 'There is no account named carol.\n' })
  }
})
