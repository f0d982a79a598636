import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyPassword } from '#accounts/passwords.ts'
import { type Client, openWorld, PASSWORD, type Person, type World as HttpWorld } from './http-world.ts'
import { settles } from './settle.ts'
import { World } from './world.ts'

const NEW_PASSWORD = 'quite another one'
const DAY_MS = 24 * 60 * 60 * 1000

let world: HttpWorld
let alice: Person
beforeEach(async () => {
  world = await openWorld({ signIns: { burst: 3, perSecond: 0.001 } })
  alice = await world.person('alice')
})
afterEach(() => world[Symbol.asyncDispose]())

test('the name that others see', async () => {
  const renamed = await alice.patch('/me', { name: 'Alice A' })
  expect(renamed).toMatchObject({ status: 200, body: { id: alice.user.id, username: 'alice', name: 'Alice A' } })
  expect((await alice.get('/me')).body).toEqual(renamed.body)
  expect((await alice.patch('/me', { name: 'Alice A', role: 'admin', username: 'root' })).body).toEqual(renamed.body)
  expect((await alice.patch('/me', { name: ' ' })).body).toMatchObject({ status: 400, code: 'malformed' })
})

describe('the password', () => {
  test('[A4] a new one signs out everywhere else, and here one stays', async () => {
    const phone = await signsIn('alice')
    const changed = await alice.patch('/me/password', { current: PASSWORD, password: NEW_PASSWORD })
    expect(changed).toMatchObject({ status: 200, body: alice.user })
    expect((await alice.get('/me')).status).toBe(200)
    expect((await phone.get('/me')).status).toBe(401)
    const [{ hash }] = (await world.store.read((db) => db.selectFrom('passwords').select('hash').execute())) as [{ hash: string }]
    expect(await verifyPassword(NEW_PASSWORD, hash)).toBe(true)
  })

  test('the present one is asked for, and a wrong guess changes nothing', async () => {
    const guessed = await alice.patch('/me/password', { current: 'a wrong guess', password: NEW_PASSWORD })
    expect(guessed.body).toMatchObject({ status: 403, code: 'wrong-password' })
    expect((await world.stranger().post('/session', { username: 'alice', password: PASSWORD })).status).toBe(200)
  })

  test('[P4] guessing is slow, as at the sign-in; who knows it is not held up', async () => {
    const guess = (current: string) => alice.patch('/me/password', { current, password: PASSWORD })
    for (let at = 0; at < 5; at++) expect((await guess(PASSWORD)).status).toBe(200)
    for (let at = 0; at < 3; at++) expect((await guess('a wrong guess')).body).toMatchObject({ code: 'wrong-password' })
    expect((await guess(PASSWORD)).body).toMatchObject({ status: 429, code: 'rate-limited' })
    const elsewhere = await world.stranger().post('/session', { username: 'alice', password: 'another' })
    expect(elsewhere.body, 'the address has used up its failures').toMatchObject({ code: 'rate-limited' })
  })

  test('of two changes at once, the second finds another password than it has verified', async () => {
    const answers = await Promise.all([
      alice.patch('/me/password', { current: PASSWORD, password: NEW_PASSWORD }),
      alice.patch('/me/password', { current: PASSWORD, password: NEW_PASSWORD }),
    ])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 403]))
  })

  test('too short a one is refused', async () => {
    expect((await alice.patch('/me/password', { current: PASSWORD, password: 'short' })).body).toMatchObject({ code: 'malformed' })
  })
})

describe('devices', () => {
  test('are listed, the newest first, and this one is known', async () => {
    const phone = await signsIn('alice', 'curl/8.5.0')
    const { items, next } = (await alice.get('/me/sessions')).body
    expect(next).toBeNull()
    expect(items).toMatchObject([
      { device: 'curl', isCurrent: false, endedAt: null },
      { device: 'a test', isCurrent: true, endedAt: null },
    ])
    expect((await phone.get('/me/sessions')).body.items[0]).toMatchObject({ device: 'curl', isCurrent: true })
  })

  test('[A4] one of them is signed out; twice is no mistake', async () => {
    const phone = await signsIn('alice')
    const { id } = (await phone.get('/me/sessions')).body.items[0]
    const ended = await alice.delete(`/me/sessions/${id}`)
    expect(ended).toMatchObject({ status: 200, body: { id, endedAt: expect.any(Number) } })
    expect((await alice.delete(`/me/sessions/${id}`)).body).toEqual(ended.body)
    expect((await phone.get('/me')).status).toBe(401)
    expect((await alice.get('/me/sessions')).body.items).toHaveLength(1)
  })

  test('[A3] others’ devices are not there', async () => {
    const bob = await world.person('bob')
    const { id } = (await bob.get('/me/sessions')).body.items[0]
    expect((await alice.delete(`/me/sessions/${id}`)).body).toMatchObject({ status: 404, code: 'not-found' })
    expect((await bob.get('/me')).status).toBe(200)
  })

  test('[A4] all others are signed out, and nobody else’s', async () => {
    const bob = await world.person('bob')
    const others = [await signsIn('alice'), await signsIn('alice')]
    expect((await alice.delete('/me/sessions')).body).toEqual({ ended: 2 })
    expect((await alice.delete('/me/sessions')).body).toEqual({ ended: 0 })
    expect(await Promise.all(others.map(async (other) => (await other.get('/me')).status))).toEqual([401, 401])
    expect([(await alice.get('/me')).status, (await bob.get('/me')).status]).toEqual([200, 200])
  })
})

test('[A4] ending another device closes its connection, and no other', async () => {
  await using inside = await World.open()
  const bob = await inside.person('bob')
  const phone = bob.onAnotherDevice(await inside.signsIn(bob.id))
  const node = inside.opensNode()
  const [his, phones] = [await bob.opens(node), await phone.opens(node)]
  await bob.does('session.end-other', { id: phone.device.sessionId })
  await settles()
  expect([his, phones].map((screen) => screen.socket.closed?.code)).toEqual([undefined, 4502])
  expect(his.rows(bob.topic, 'session').find(({ id }) => id === phone.device.sessionId)?.endedAt).not.toBeNull()
})

test('when a device was last used is known to the day, and told to one’s other devices', async () => {
  await using inside = await World.open()
  const bob = await inside.person('bob')
  const phone = bob.onAnotherDevice(await inside.signsIn(bob.id))
  const node = inside.opensNode()
  const his = await bob.opens(node)
  const madeAt = inside.clock.now()
  const usedAt = () => his.rows(bob.topic, 'session').find(({ id }) => id === phone.device.sessionId)?.usedAt
  inside.clock.passes(DAY_MS - 1)
  await phone.opens(node)
  await settles()
  expect(usedAt()).toBe(madeAt)
  inside.clock.passes(2)
  const seq = await inside.seqOf(bob.topic)
  await Promise.all([phone.opens(node), phone.opens(node), phone.opens(node)])
  await settles()
  expect(usedAt()).toBe(inside.clock.now())
  expect(await inside.seqOf(bob.topic)).toBe(seq + 1)
})

test('a device that was away for 30 days is not listed, nor counted', async () => {
  await using inside = await World.open()
  const [bob, carol] = [await inside.person('bob', 'admin'), await inside.person('carol')]
  await inside.signsIn(bob.id)
  inside.clock.passes(20 * DAY_MS)
  const his = await bob.opens(inside.opensNode())
  inside.clock.passes(10 * DAY_MS)
  const listed = (await his.calls('session.list', {})).result as { items: { id: string }[] }
  expect(listed.items.map(({ id }) => id)).toEqual([bob.device.sessionId])
  const { items } = (await his.calls('user.search', {})).result as { items: { id: string; sessions: number }[] }
  expect(items.map(({ id, sessions }) => [id, sessions])).toEqual([
    [bob.id, 1],
    [carol.id, 0],
  ])
})

async function signsIn(username: string, userAgent = 'x'): Promise<Client> {
  const answer = await world.stranger({ 'user-agent': userAgent }).post('/session', { username, password: PASSWORD })
  return world.stranger({ cookie: answer.headers.get('set-cookie')!.split(';')[0]! })
}
