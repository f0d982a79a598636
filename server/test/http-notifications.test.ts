import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, type Person, type Program, type World } from './http-world.ts'

const INBOX = '/me/notifications'

let world: World
let alice: Person
let bob: Person
let ci: Program

beforeEach(async () => {
  world = await openWorld()
  alice = await world.person('alice')
  bob = await world.person('bob')
  ci = await world.program('notify')
})
afterEach(() => world[Symbol.asyncDispose]())

describe('publishing', () => {
  test('[N1] 201 means stored, for exactly the one who was named', async () => {
    const rung = await ci.post('/notifications', {
      to: 'alice',
      title: 'Build failed',
      body: 'main',
      url: '/builds/7',
      category: 'ci',
      priority: 'high',
    })
    expect(rung).toMatchObject({ status: 201, body: { items: [{ to: 'alice', duplicate: false }], suppressed: [] } })
    const inbox = await alice.get(INBOX)
    expect(inbox).toMatchObject({ status: 200, body: { next: null, counts: { unread: 1, unseen: 1 }, epoch: world.store.epoch } })
    expect(inbox.body.items).toMatchObject([
      {
        id: rung.body.items[0].id,
        kind: 'notice',
        title: 'Build failed',
        body: 'main',
        url: '/builds/7',
        category: 'ci',
        priority: 'high',
        readAt: null,
      },
    ])
    expect(inbox.body.seq).toBe(inbox.body.items[0].changed)
    expect((await bob.get(INBOX)).body).toMatchObject({ items: [], counts: { unread: 0, unseen: 0 } })
  })

  test('[N1] an unknown or disabled recipient refuses the whole call and is named', async () => {
    await world.disables(bob)
    const refused = await ci.post('/notifications', { to: ['alice', 'nobody', 'bob'], title: 'Hello' })
    expect(refused.body).toMatchObject({ status: 422, code: 'unknown-recipient', errors: [{ at: 'nobody' }, { at: 'bob' }] })
    expect((await alice.get(INBOX)).body).toMatchObject({ items: [], counts: { unread: 0 } })
  })

  test('[N2] the same key for the same person is the same notification, also after it was deleted', async () => {
    const toAlice = { to: alice.user.id, title: 'Build failed', key: 'build-7' }
    const first = await ci.post('/notifications', toAlice)
    const again = await ci.post('/notifications', { ...toAlice, title: 'Build failed again' })
    expect(again).toMatchObject({ status: 200, body: { items: [{ id: first.body.items[0].id, duplicate: true }] } })
    const both = await ci.post('/notifications', { ...toAlice, to: ['alice', 'bob'] })
    expect(both).toMatchObject({ status: 201, body: { items: [{ duplicate: true }, { duplicate: false }] } })
    await alice.delete(`${INBOX}/${first.body.items[0].id}`)
    expect((await ci.post('/notifications', toAlice)).status).toBe(200)
    expect((await alice.get(INBOX)).body).toMatchObject({ items: [], counts: { unread: 0 } })
  })

  test('[N2] an Idempotency-Key makes a call once', async () => {
    const headers = { 'idempotency-key': 'call-1' }
    const first = await ci.post('/notifications', { to: 'alice', title: 'Once' }, headers)
    expect(await ci.post('/notifications', { to: 'alice', title: 'Once' }, headers)).toMatchObject({
      status: first.status,
      body: first.body,
    })
    expect((await alice.get(INBOX)).body.items).toHaveLength(1)
    const other = await world.program('notify')
    await other.post('/notifications', { to: 'alice', title: 'Once' }, headers)
    expect((await alice.get(INBOX)).body.items).toHaveLength(2)
  })

  test('an address that could act as its reader is refused', async () => {
    for (const url of ['javascript:alert(1)', '//elsewhere.example', 'data:text/html,x', '/\\elsewhere.example', 'ftp://x']) {
      expect((await ci.post('/notifications', { to: 'alice', title: 'x', url })).body).toMatchObject({
        status: 400,
        code: 'malformed',
        errors: [{ at: 'url' }],
      })
    }
  })

  test('[A1] a key without the scope, a person, a stranger and a revoked key may not', async () => {
    const ring = { to: 'alice', title: 'x' }
    expect((await (await world.program()).post('/notifications', ring)).body).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await alice.post('/notifications', ring)).body).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await world.stranger().post('/notifications', ring)).body).toMatchObject({ status: 401, code: 'unauthenticated' })
    await world.operate('key.revoke', { id: ci.key.id })
    expect((await ci.post('/notifications', ring)).body).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect((await alice.get(INBOX)).body.items).toEqual([])
  })
})

describe('the inbox', () => {
  test('[N3] read, unread, archived and deleted move the lists and the counts', async () => {
    const id = await ring('One')
    await ring('Two')
    const read = await alice.patch(`${INBOX}/${id}`, { read: true })
    expect(read).toMatchObject({
      status: 200,
      body: { id, readAt: expect.any(Number), seenAt: expect.any(Number), counts: { unread: 1, unseen: 1 } },
    })
    expect(await titles('unread')).toEqual(['Two'])
    expect((await alice.patch(`${INBOX}/${id}`, { read: false })).body).toMatchObject({ readAt: null, counts: { unread: 2 } })
    expect((await alice.patch(`${INBOX}/${id}`, { archived: true })).body).toMatchObject({
      archivedAt: expect.any(Number),
      counts: { unread: 1 },
    })
    expect(await titles('archived')).toEqual(['One'])
    expect(await titles('all')).toEqual(['Two'])
    const deleted = await alice.delete(`${INBOX}/${id}`)
    expect(deleted).toMatchObject({ status: 200, body: { id, title: '', deletedAt: expect.any(Number), counts: { unread: 1 } } })
    expect((await alice.delete(`${INBOX}/${id}`)).body).toEqual(deleted.body)
    expect(await titles('archived')).toEqual([])
  })

  test('[N3] mark all read goes up to what one has been told; what rang since stays', async () => {
    await ring('Seen')
    const { epoch, seq } = (await alice.get(INBOX)).body
    await ring('Later')
    const marked = await alice.patch(INBOX, { epoch, upTo: seq, set: { read: true } })
    expect(marked).toMatchObject({ status: 200, body: { counts: { unread: 1, unseen: 1 } } })
    expect(await titles('unread')).toEqual(['Later'])
    const foreign = await alice.patch(INBOX, { epoch: 'another', upTo: seq, set: { read: true } })
    expect(foreign.body).toMatchObject({ status: 409, code: 'epoch-changed' })
  })

  test('it is paged, newest first', async () => {
    for (const title of ['One', 'Two', 'Three']) await ring(title)
    const first = (await alice.get(`${INBOX}?limit=2`)).body
    const second = (await alice.get(`${INBOX}?limit=2&cursor=${first.next}`)).body
    expect([...first.items, ...second.items].map((item: { title: string }) => item.title)).toEqual(['Three', 'Two', 'One'])
    expect(second.next).toBeNull()
  })
})

describe("nobody else's", () => {
  test("[A3] another one's notification is not found, by whatever method, and stays as it was", async () => {
    const id = await ring('For alice alone')
    const path = `${INBOX}/${id}`
    const absent = '/me/notifications/00000000-0000-7000-8000-000000000000'
    for (const [there, nowhere] of [
      [await bob.patch(path, { read: true }), await bob.patch(absent, { read: true })],
      [await bob.patch(path, { archived: true }), await bob.patch(absent, { archived: true })],
      [await bob.delete(path), await bob.delete(absent)],
    ] as const) {
      expect(there).toMatchObject({ status: 404, body: { code: 'not-found' } })
      // Nor can one tell from the answer that there is something.
      expect(there.body).toEqual(nowhere.body)
    }
    const { seq, epoch } = (await alice.get(INBOX)).body
    await bob.patch(INBOX, { epoch, upTo: seq + 100, set: { read: true } })
    expect((await alice.get(INBOX)).body).toMatchObject({
      items: [{ id, title: 'For alice alone', readAt: null, deletedAt: null }],
      counts: { unread: 1, unseen: 1 },
    })
  })

  test('[A3] no list, filter or cursor shows it', async () => {
    const id = await ring('For alice alone')
    for (const query of [
      '',
      '?filter=unread',
      '?filter=all',
      '?filter=archived',
      '?cursor=zzzz',
      `?cursor=${id}z`,
      `?userId=${alice.user.id}`,
      '?limit=200',
    ]) {
      const { status, body } = await bob.get(INBOX + query)
      expect({ status, items: body.items, counts: body.counts.unread }).toEqual({ status: 200, items: [], counts: 0 })
    }
    for (const path of ['/me', '/rooms', '/rooms/general/messages', `/users?ids=${alice.user.id}`]) {
      expect(JSON.stringify((await bob.get(path)).body)).not.toContain('For alice alone')
    }
  })

  test('[A3] the key tells nothing about what others have under it', async () => {
    const key = 'shared-key'
    await ci.post('/notifications', { to: 'alice', title: 'For alice alone', key })
    const toBob = await ci.post('/notifications', { to: 'bob', title: 'For bob', key })
    expect(toBob).toMatchObject({ status: 201, body: { items: [{ duplicate: false }] } })
    expect((await bob.get(INBOX)).body.items).toMatchObject([{ title: 'For bob' }])
  })

  test("[A3] another one's message cannot be changed or deleted", async () => {
    const { body: message } = await alice.post('/rooms/general/messages', { body: 'mine' })
    const path = `/rooms/general/messages/${message.id}`
    expect((await bob.patch(path, { body: 'yours', changed: message.changed })).body).toMatchObject({ status: 404, code: 'not-found' })
    expect((await bob.delete(path)).body).toMatchObject({ status: 404, code: 'not-found' })
    expect((await alice.get('/rooms/general/messages')).body.items).toEqual([message])
  })

  test('[A1] only signed-in people read anything', async () => {
    const stranger = world.stranger()
    for (const path of ['/me', '/rooms', '/rooms/general/messages', INBOX, `/users?ids=${alice.user.id}`]) {
      expect((await stranger.get(path)).body).toMatchObject({ status: 401, code: 'unauthenticated' })
      expect((await ci.get(path)).body).toMatchObject({ status: 403, code: 'forbidden' })
    }
  })
})

async function ring(title: string): Promise<string> {
  const { body } = await ci.post('/notifications', { to: 'alice', title })
  return body.items[0].id as string
}

async function titles(filter: string): Promise<string[]> {
  const { body } = await alice.get(`${INBOX}?filter=${filter}`)
  return body.items.map((item: { title: string }) => item.title)
}
