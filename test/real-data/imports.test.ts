import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Belfry, type Server } from '#cli/test/belfry.ts'
import { sharedData } from '#test/shared-data.ts'

let belfry: Belfry
beforeEach(() => {
  belfry = new Belfry()
})
afterEach(() => belfry[Symbol.asyncDispose]())

test("the demo's database: everybody gets in with the password they had, and has unread what they had", async () => {
  const seed = join(sharedData.folder, 'django-seed', 'db.sqlite3')
  const server = await belfry.serve()
  expect(await belfry.json('import', 'django', seed)).toMatchObject({
    accounts: { stored: 171, there: 0 },
    messages: { stored: 1_375, there: 0 },
    notifications: { stored: 14, there: 0 },
    skipped: [],
  })
  expect(belfry.query('SELECT count(*) AS off FROM users WHERE "disabledAt" IS NOT NULL')).toEqual([{ off: 20 }])
  const unread = 'SELECT username, unread, unseen FROM counts JOIN users ON users.id = "userId" WHERE unread > 0 ORDER BY username'
  expect(belfry.query(unread)).toEqual([
    { username: 'aman', unread: 3, unseen: 3 },
    { username: 'prachi', unread: 3, unseen: 3 },
  ])
  for (const username of ['admin', 'prachi', 'aman']) expect((await signIn(server, username)).status).toBe(200)
  expect(belfry.query("SELECT count(*) AS ours FROM passwords WHERE hash LIKE '$argon2id$%'")).toEqual([{ ours: 3 }])
  for (const username of ['admin', 'prachi', 'aman']) expect((await signIn(server, username)).status).toBe(200)
  expect(await belfry.json('import', 'django', seed)).toMatchObject({ messages: { stored: 0, there: 1_375 }, notifications: { stored: 0 } })
  expect(belfry.query("SELECT count(*) AS ours FROM passwords WHERE hash LIKE '$argon2id$%'")).toEqual([{ ours: 3 }])
})

test('153 days of #ubuntu: 196,146 messages of 15,734 people, in the order in which they were said, and read again nothing', async () => {
  const folder = join(sharedData.folder, 'ubuntu-irc')
  const files = readdirSync(folder).flatMap((name) => (name.endsWith('.txt') ? [join(folder, name)] : []))
  await belfry.hasUser('alice')
  const server = await belfry.serve()
  expect(await belfry.json('import', 'irc', '--room', 'ubuntu', ...files)).toMatchObject({
    room: { name: 'ubuntu', isNew: true },
    messages: { stored: 196_146, there: 0 },
    outsiders: { stored: 15_734, there: 0 },
  })
  expect(await belfry.json('import', 'irc', '--room', 'Ubuntu', ...files)).toMatchObject({
    messages: { stored: 0, there: 196_146 },
    outsiders: { stored: 0, there: 15_734 },
  })

  const { token } = await signIn(server, 'alice', 'a long enough one')
  const get = async (path: string) => (await fetch(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).json()
  const { items: rooms } = (await get('/rooms')) as { items: { id: string; name: string; posted: number }[] }
  const ubuntu = rooms.find(({ name }) => name === 'ubuntu')!
  expect(ubuntu.posted).toBe(196_146)
  const { items } = (await get(`/rooms/${ubuntu.id}/messages?before=2`)) as {
    items: { n: number; body: string; createdAt: number; authorId: string }[]
  }
  expect(items).toMatchObject([
    { n: 1, body: expect.stringMatching(/^kleedrac: I'm afraid not\./), createdAt: Date.UTC(2004, 11, 25, 9, 14) },
  ])
  expect(await get(`/users?ids=${items[0]!.authorId}`)).toMatchObject({ items: [{ username: 'crimsun', importedFrom: 'irc' }] })
  expect(belfry.query('SELECT count(DISTINCT "authorId") AS people, min(n) AS first, max(n) AS last FROM messages')).toEqual([
    { people: 15_734, first: 1, last: 196_146 },
  ])
  expect(belfry.query('SELECT count(*) AS members FROM members')).toEqual([{ members: 2 }])
})

async function signIn({ url }: Server, username: string, password = `${username}-pass-2026`): Promise<{ status: number; token: string }> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers, body: JSON.stringify({ username, password }) })
  return { status: answer.status, token: /^belfry=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '' }
}
