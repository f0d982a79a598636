import { hashSecret } from '@belfry/server/lib/secrets.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Belfry, PASSWORD } from './belfry.ts'

const DAY_MS = 24 * 60 * 60 * 1000

let belfry: Belfry
beforeEach(() => {
  belfry = new Belfry()
})
afterEach(() => belfry[Symbol.asyncDispose]())

test('a new link stands alone on standard output, and only the hash of its secret in the database', async () => {
  const { code, stdout, stderr } = await belfry.run(['invite', 'create', '--uses', '3'], { env: { BASE_URL: 'https://chat.example.com/' } })
  expect(code).toBe(0)
  expect(stdout).toMatch(/^https:\/\/chat\.example\.com\/welcome#[\w-]{43}\n$/)
  expect(stderr).toMatch(/^This link is shown only now\. It lets 3 people in until \d{4}-.*\.\n$/)
  const secret = stdout.trim().split('#')[1]!
  expect(belfry.query('SELECT hash, "usesMax", uses FROM invites')).toEqual([{ hash: hashSecret(secret), usesMax: 3, uses: 0 }])
})

test('at a port that is not known before it is served, it begins at its path and says what is missing', async () => {
  const { code, stdout, stderr } = await belfry.run(['invite', 'create'], { env: { PORT: '0' } })
  expect(code).toBe(0)
  expect(stdout).toMatch(/^\/welcome#[\w-]{43}\n$/)
  expect(stderr).toContain('BASE_URL')
  const known = await belfry.run(['invite', 'create'], { env: { PORT: '8123' } })
  expect(known.stdout).toMatch(/^http:\/\/localhost:8123\/welcome#/)
  expect(known.stderr).not.toContain('BASE_URL')
})

test('it lets somebody in at the server that runs, as often as it is for', async () => {
  const { url } = await belfry.serve()
  await belfry.hasUser('alice')
  const { link } = await belfry.json<{ link: string }>('invite', 'create', '--uses', '1')
  const signsUp = (username: string) =>
    fetch(`${url}/api/v1/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: PASSWORD, invite: link.split('#')[1] }),
    })
  expect((await signsUp('bob')).status).toBe(201)
  expect((await signsUp('carol')).status).toBe(403)
  expect((await belfry.run(['invite', 'list'])).stdout).toMatch(/ {2}1 of 1 {2}\d{4}-.* {2}used up$/m)
})

test('it lasts for 7 days, or as long as it is told', async () => {
  const lasts = async (...args: string[]) => {
    const { createdAt, expiresAt } = await belfry.json<{ createdAt: number; expiresAt: number | null }>('invite', 'create', ...args)
    return expiresAt === null ? null : expiresAt - createdAt
  }
  expect(await lasts()).toBe(7 * DAY_MS)
  expect(await lasts('--expires', '90m')).toBe(90 * 60_000)
  expect(await lasts('--expires', '2w')).toBe(14 * DAY_MS)
  expect(await lasts('--expires', 'never')).toBeNull()
})

test.each([
  ['--expires', 'soon'],
  ['--expires', '0d'],
  ['--expires', '53w'],
  ['--uses', '0'],
  ['--uses', '10001'],
])('%s %s is wrong usage, and says what is right', async (...args) => {
  const { code, stdout, stderr } = await belfry.run(['invite', 'create', ...args])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/Write it as 30m|A year at most|A whole number from 1 to 10000/)
})

test('whoever makes one while nobody can sign up is told so', async () => {
  await belfry.json('workspace', 'set', '--sign-up', 'closed')
  expect((await belfry.run(['invite', 'create'])).stderr).toContain('workspace set --sign-up invite')
})

test('it is revoked by its id, twice without harm, and stays listed', async () => {
  expect((await belfry.run(['invite', 'list'])).stdout).toBe('There are no invitations.\n')
  const { secret, link, ...made } = await belfry.json<{ id: string; secret: string; link: string }>('invite', 'create')
  expect(link).toBe(`/welcome#${secret}`)
  expect(await belfry.json('invite', 'list')).toEqual({ items: [made], next: null })
  const revoked = await belfry.json('invite', 'revoke', made.id)
  expect(revoked).toEqual({ ...made, revokedAt: expect.any(Number) })
  expect(await belfry.json('invite', 'revoke', made.id)).toEqual(revoked)
  expect((await belfry.run(['invite', 'list'])).stdout).toMatch(/revoked \d{4}-/)
  expect(await belfry.run(['invite', 'revoke', 'none'])).toMatchObject({ code: 1, stderr: 'There is no invitation with the id none.\n' })
})

test('it makes guests, and leads into rooms that are named, or told by their ids', async () => {
  await belfry.hasUser('alice')
  belfry.writes((file) => {
    const room = `'open', '', 'members', 'whole', 1, 0`
    file.exec(`INSERT INTO rooms (id, name, kind, description, posting, history, changed, "createdAt") VALUES ('den', 'The Den', ${room})`)
  })
  const made = await belfry.run(['invite', 'create', '--guest', '--room', 'the den', '--uses', '1'])
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('Who comes is a guest, who sees one room.') })
  expect(await belfry.json('invite', 'create', '--room', 'den')).toMatchObject({ role: 'member', rooms: ['den'] })
  expect((await belfry.run(['invite', 'list'])).stdout).toMatch(/ {2}guest {3}1 {6}0 of 1 {2}/)
  belfry.writes((file) => file.exec(`UPDATE rooms SET "archivedAt" = 1 WHERE id = 'den'`))
  expect((await belfry.run(['invite', 'list'])).stdout).toMatch(/ {2}guest {3}0 {6}0 of 1 .* {2}leads nowhere$/m)
  const refused = async (...args: string[]) => (await belfry.run(['invite', 'create', ...args])).stderr
  expect(await refused('--guest')).toContain('name one at least')
  expect(await refused('--room', 'Nowhere')).toBe('There is no room with the id or name Nowhere.\n')
})
