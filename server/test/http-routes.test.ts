import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { unstored } from '#store/rows.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashSecret } from '#lib/secrets.ts'
import { openWorld, PASSWORD, type Person, type World } from './http-world.ts'

let world: World
let alice: Person
let bob: Person

beforeAll(async () => {
  world = await openWorld()
  alice = await world.person('alice')
  bob = await world.person('bob')
})
afterAll(() => world[Symbol.asyncDispose]())

describe('people', () => {
  test('signing in answers the user and a cookie that works, signing out takes both away', async () => {
    const signedIn = await world.stranger().post('/session', { username: 'ALICE', password: PASSWORD })
    expect(signedIn.status).toBe(200)
    expect(signedIn.body).toEqual(alice.user)
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
    const browser = world.stranger({ cookie, origin: world.url })
    expect((await browser.get('/me')).body).toEqual(alice.user)

    const signedOut = await browser.delete('/session')
    expect(signedOut.status).toBe(204)
    expect(signedOut.body).toBe('')
    expect(signedOut.headers.get('set-cookie')).toContain('belfry=; Path=/; Max-Age=0')
    expect((await browser.get('/me')).body).toMatchObject({ status: 401, code: 'unauthenticated' })
  })

  test('the first link makes the administrator, signed in at once, and works once', async () => {
    await using empty = await openWorld()
    await empty.operate('invite.first', { secret: 'a-secret' })
    const made = await empty.stranger().post('/users', { username: 'alice', password: PASSWORD, name: 'Alice', invite: 'a-secret' })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ username: 'alice', name: 'Alice', role: 'admin' })
    const cookie = made.headers.get('set-cookie')!.split(';')[0]!
    expect((await empty.stranger({ cookie }).get('/me')).body).toEqual(made.body)
    const again = await empty.stranger().post('/users', { username: 'bob', password: PASSWORD, invite: 'a-secret' })
    expect(again.body).toMatchObject({ status: 403, code: 'forbidden' })
    expect(again.headers.get('set-cookie')).toBeNull()
  })

  test('profiles are asked for by id, in one parameter or several', async () => {
    const both = await alice.get(`/users?ids=${alice.user.id},${bob.user.id},nobody`)
    expect(both.status).toBe(200)
    expect(both.body.items.map((user: { username: string }) => user.username).sort()).toEqual(['alice', 'bob'])
    expect(both.body).toMatchObject({ epoch: world.store.epoch })
    expect((await alice.get(`/users?ids=${alice.user.id}&ids=${bob.user.id}`)).body.items).toHaveLength(2)
  })

  test('[A4] a session that has ended opens nothing more', async () => {
    const carol = await world.person('carol')
    expect((await carol.get('/me')).status).toBe(200)
    await world.disables(carol)
    for (const answer of [await carol.get('/me'), await carol.post('/rooms/general/messages', { body: 'still here' })]) {
      expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated' })
    }
    const back = await world.stranger().post('/session', { username: 'carol', password: PASSWORD })
    expect(back.body).toMatchObject({ status: 401, code: 'wrong-credentials' })
  })
})

describe('rooms and messages', () => {
  test('everybody is in General', async () => {
    const rooms = await alice.get('/rooms')
    expect(rooms).toMatchObject({ status: 200, body: { next: null, items: [{ id: 'general', kind: 'open' }] } })
  })

  test('[W3] a message is made once, whatever the number of sendings', async () => {
    const id = uuidv7()
    const first = await alice.post('/rooms/general/messages', { id, body: 'hello' })
    expect(first).toMatchObject({
      status: 201,
      body: { id, roomId: 'general', authorId: alice.user.id, body: 'hello', editedAt: null, deletedAt: null },
    })
    const again = await alice.post('/rooms/general/messages', { id, body: 'hello' })
    expect(again).toMatchObject({ status: 200, body: { ...first.body, duplicate: true } })
    const stolen = await bob.post('/rooms/general/messages', { id, body: 'mine' })
    expect(stolen.body).toMatchObject({ status: 409, code: 'conflict' })
    expect(JSON.stringify(stolen.body)).not.toContain('hello')
  })

  test('[W3] an id older than 30 days is refused', async () => {
    const id = idMadeAt(Date.now() - 31 * 24 * 60 * 60 * 1000)
    expect((await alice.post('/rooms/general/messages', { id, body: 'late' })).body).toMatchObject({ status: 410, code: 'expired' })
  })

  test('[W2] a success answer means stored, and without an id the server makes one', async () => {
    const { status, body } = await alice.post('/rooms/general/messages', { body: 'kept' })
    expect(status).toBe(201)
    const stored = await world.store.read((db) => db.selectFrom('messages').selectAll().where('id', '=', body.id).execute())
    expect(stored.map(unstored)).toEqual([body])
  })

  test('[W3] an edit says which state it saw; otherwise it is stale, with the row', async () => {
    const { body: message } = await alice.post('/rooms/general/messages', { body: 'frist' })
    const path = `/rooms/general/messages/${message.id}`
    const edited = await alice.patch(path, { body: 'first', changed: message.changed })
    expect(edited).toMatchObject({ status: 200, body: { id: message.id, body: 'first', editedAt: expect.any(Number) } })
    const stale = await alice.patch(path, { body: 'other', changed: message.changed })
    expect(stale.body).toMatchObject({ status: 409, code: 'stale', row: edited.body })
  })

  test('deleting leaves a tombstone, twice is no mistake', async () => {
    const { body: message } = await alice.post('/rooms/general/messages', { body: 'oops' })
    const deleted = await alice.delete(`/rooms/general/messages/${message.id}`)
    expect(deleted).toMatchObject({ status: 200, body: { id: message.id, body: '', deletedAt: expect.any(Number) } })
    expect((await alice.delete(`/rooms/general/messages/${message.id}`)).body).toEqual(deleted.body)
  })

  test('messages are listed by pages, oldest first', async () => {
    for (const body of ['one', 'two', 'three', 'four']) await bob.post('/rooms/general/messages', { body })
    const newest = await alice.get('/rooms/general/messages?limit=2')
    expect(newest.body.items.map((message: { body: string }) => message.body)).toEqual(['three', 'four'])
    expect(newest.body).toMatchObject({ epoch: world.store.epoch, seq: newest.body.items[1].changed, next: newest.body.items[0].n })
    const before = await alice.get(`/rooms/general/messages?limit=2&before=${newest.body.next}`)
    expect(before.body.items.map((message: { body: string }) => message.body)).toEqual(['one', 'two'])
    const after = await alice.get(`/rooms/general/messages?after=${newest.body.next}`)
    expect(after.body.items.map((message: { body: string }) => message.body)).toEqual(['four'])
    const around = await alice.get(`/rooms/general/messages?around=${newest.body.items[0].id}&limit=2`)
    expect(around.body.items.map((message: { body: string }) => message.body)).toEqual(['three', 'four'])
  })

  test('the path wins over the body', async () => {
    const { status, body } = await alice.post('/rooms/general/messages', { roomId: 'elsewhere', body: 'here' })
    expect({ status, roomId: body.roomId }).toEqual({ status: 201, roomId: 'general' })
  })
})

describe('Idempotency-Key', () => {
  test('[N2] the same key gets the first answer again, and nothing is made twice', async () => {
    const headers = { 'idempotency-key': 'deploy-1' }
    const first = await alice.post('/rooms/general/messages', { body: 'once' }, headers)
    const again = await alice.post('/rooms/general/messages', { body: 'once' }, headers)
    expect(again).toMatchObject({ status: 201, body: first.body })
    const other = await alice.post('/rooms/general/messages', { body: 'something else' }, headers)
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency-mismatch' })
    const ofBob = await bob.post('/rooms/general/messages', { body: 'once' }, headers)
    expect(ofBob.body.id).not.toBe(first.body.id)
  })

  test('[N2] two at once make one thing', async () => {
    const headers = { 'idempotency-key': 'deploy-2' }
    const answers = await Promise.all(Array.from({ length: 8 }, () => alice.post('/rooms/general/messages', { body: 'at once' }, headers)))
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  })

  test('a key of 1 to 255 characters', async () => {
    for (const key of ['', 'x'.repeat(256)]) {
      const answer = await alice.post('/rooms/general/messages', { body: 'no' }, { 'idempotency-key': key })
      expect(answer.body).toMatchObject({ status: 400, code: 'malformed' })
    }
  })
})

test('what is stored of a session is a hash', async () => {
  const tokens = await world.store.read((db) => db.selectFrom('tokens').select('hash').execute())
  expect(tokens.map((row) => row.hash)).toContain(hashSecret(alice.token))
  expect(JSON.stringify(tokens)).not.toContain(alice.token)
})

function idMadeAt(ms: number): string {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}${uuidv7().slice(13)}`
}
