import type { User } from '@belfry/protocol/rows.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type Person, type World } from './http-world.ts'
import { testWrites } from './test-writes.ts'

let world: World
let alice: Person
beforeAll(async () => {
  world = await openWorld({ writes: testWrites })
  alice = await world.admin('alice')
  for (const [username, name] of [
    ['bob', 'Bob B'],
    ['carol_x', 'Carol'],
    ['carolyx', '100 % Öz'],
    ['aman', 'Aman\\A'],
    ['prachi', 'Prachi'],
  ])
    await world.operate('user.create', { username, name, passwordHash: 'none' })
  for (const username of ['ada', 'Bob']) await world.operate('test.imported', { username })
  await world.disables({ user: await named('prachi') } as Person)
})
afterAll(() => world[Symbol.asyncDispose]())

test.each([
  ['', ['alice', 'aman', 'bob', 'carol_x', 'carolyx', 'prachi', 'Bob', 'ada']],
  ['  ', ['alice', 'aman', 'bob', 'carol_x', 'carolyx', 'prachi', 'Bob', 'ada']],
  ['caro', ['carol_x', 'carolyx']],
  ['CAROL', ['carol_x', 'carolyx']],
  ['l_x', ['carol_x']],
  ['%', ['carolyx']],
  ['0 % ö', ['carolyx']],
  ['0 % ÖZ', ['carolyx']],
  ['n\\a', ['aman']],
  ['bob b', ['bob']],
  ['bob', ['bob', 'Bob']],
  ["'; DROP TABLE users; --", []],
])('%j finds %j', async (query, usernames) => {
  const { body } = await alice.get(`/users/search?query=${encodeURIComponent(query)}`)
  expect(body.items.map((user: User) => user.username)).toEqual(usernames)
  expect(body.total).toBe(usernames.length)
})

test('an id, or the beginning of one, finds whose it is', async () => {
  const bob = await named('bob')
  expect((await alice.get(`/users/search?query=${bob.id}`)).body.items).toEqual([{ ...bob, canSignIn: true, sessions: 0 }])
  expect((await alice.get(`/users/search?query=${bob.id.slice(0, 30)}`)).body.total).toBeGreaterThan(0)
})

test.each([
  ['local', ['alice', 'aman', 'bob', 'carol_x', 'carolyx', 'prachi']],
  ['active', ['alice', 'aman', 'bob', 'carol_x', 'carolyx']],
  ['disabled', ['prachi']],
  ['imported', ['Bob', 'ada']],
])('the state %s', async (state, usernames) => {
  const { body } = await alice.get(`/users/search?state=${state}`)
  expect(body).toMatchObject({ total: usernames.length, next: null })
  expect(body.items.map((user: User) => user.username)).toEqual(usernames)
})

test('who can sign in is said, and on how many devices they are', async () => {
  const { items } = (await alice.get('/users/search')).body
  const seen = items.map(({ username, canSignIn, sessions }: { username: string; canSignIn: boolean; sessions: number }) => [
    username,
    canSignIn,
    sessions,
  ])
  expect(seen).toEqual(
    expect.arrayContaining([
      ['alice', true, 1],
      ['bob', true, 0],
      ['prachi', false, 0],
      ['ada', false, 0],
    ]),
  )
})

describe('pages', () => {
  test.each([1, 2, 3, 8])('of %d hold everybody once, in order', async (limit) => {
    const found = []
    let next: string | null = ''
    while (next !== null) {
      const { body } = await alice.get(`/users/search?limit=${limit}${next && `&cursor=${next}`}`)
      expect(body.total).toBe(8)
      found.push(...body.items.map((user: User) => user.username))
      next = body.next
    }
    expect(found).toEqual(['alice', 'aman', 'bob', 'carol_x', 'carolyx', 'prachi', 'Bob', 'ada'])
  })

  test('a cursor that is none finds nobody', async () => {
    expect((await alice.get('/users/search?cursor=none')).body).toMatchObject({ items: [], next: null, total: 8 })
  })
})

async function named(username: string): Promise<User> {
  const {
    folded: _,
    sought: __,
    ...user
  } = await world.store.read((db) => db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirstOrThrow())
  return user
}
