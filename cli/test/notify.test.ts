import { afterEach, beforeEach, expect, test } from 'vitest'
import { Belfry } from './belfry.ts'

let belfry: Belfry
let prachi: { id: string }
let aman: { id: string }
beforeEach(async () => {
  belfry = new Belfry()
  prachi = await belfry.hasUser('prachi')
  aman = await belfry.hasUser('aman')
})
afterEach(() => belfry[Symbol.asyncDispose]())

const stored = () => belfry.query<{ userId: string; title: string }>('SELECT "userId", title FROM notifications ORDER BY id')

test('[N1] a notification is stored for the person who was named, and nobody else', async () => {
  const more = ['--body', 'Step 3 of 5', '--url', 'https://ci.example.com/7', '--category', 'builds', '--priority', 'high']
  const done = await belfry.run(['notify', 'prachi', 'Build failed', ...more])
  expect(done).toEqual({ code: 0, stdout: 'Stored for prachi.\n', stderr: '' })
  expect(belfry.query('SELECT "userId", title, body, url, category, priority FROM notifications')).toEqual([
    {
      userId: prachi.id,
      title: 'Build failed',
      body: 'Step 3 of 5',
      url: 'https://ci.example.com/7',
      category: 'builds',
      priority: 'high',
    },
  ])
})

test('several people are named with commas between, by user name or by id', async () => {
  const { items } = await belfry.json<{ items: { to: string }[] }>('notify', `prachi, ${aman.id}`, 'Backup done')
  expect(items).toEqual([
    { to: 'prachi', id: expect.any(String), duplicate: false },
    { to: aman.id, id: expect.any(String), duplicate: false },
  ])
  expect(stored().map((row) => row.userId)).toEqual([prachi.id, aman.id])
})

test('[N1] an unknown or disabled recipient is named, and nobody is notified', async () => {
  await belfry.json('user', 'disable', 'aman')
  const refused = await belfry.run(['notify', 'prachi,carol,aman', 'Hello'])
  expect(refused).toEqual({ code: 1, stdout: '', stderr: 'Nobody was notified: carol, aman are unknown or disabled.\n' })
  const inJson = await belfry.run(['notify', 'prachi,carol', 'Hello', '--json'])
  expect(inJson).toMatchObject({ code: 1, stdout: '' })
  expect(JSON.parse(inJson.stderr)).toEqual({
    error: { code: 'unknown-recipient', detail: 'Nobody was notified: carol is unknown or disabled.' },
  })
  expect(stored()).toEqual([])
})

test('[N2] the same key again is the same notification', async () => {
  const first = await belfry.json('notify', 'prachi', 'Disk full', '--key', 'disk')
  const again = await belfry.json('notify', 'prachi', 'Disk still full', '--key', 'disk')
  expect(again).toEqual({ items: [{ ...(first.items as object[])[0], duplicate: true }], suppressed: [] })
  expect((await belfry.run(['notify', 'prachi', 'Disk full', '--key', 'disk'])).stdout).toMatch(/^Was there already for prachi/)
  expect(stored()).toEqual([{ userId: prachi.id, title: 'Disk full' }])
})

test('what the protocol does not take is refused, and says where', async () => {
  const refused = async (...args: string[]) => (await belfry.run(['notify', ...args])).stderr
  expect(await refused('prachi', 'Hi', '--url', 'javascript:alert(1)')).toMatch(/^url: must be .*\n$/)
  expect(await refused('prachi', ' ')).toBe('title: must not be blank.\n')
  expect(await refused('prachi', 'Hi', '--priority', 'loud')).toMatch(/^priority: .*\n$/)
  expect(await refused(',', 'Hi')).toMatch(/^to: .*\n$/)
  expect(stored()).toEqual([])
})
