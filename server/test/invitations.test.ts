import type { Input } from '@belfry/protocol/commands.ts'
import { describe, expect, test } from 'vitest'
import { signUp } from '#accounts/sign-up.ts'
import { writes } from '#commands.ts'
import type { RunnableWrite } from '#store/batch.ts'
import { openWorld, PASSWORD, type World as HttpWorld } from './http-world.ts'
import { testWrites } from './test-writes.ts'
import { refusal, World } from './world.ts'

const DAY_MS = 24 * 60 * 60 * 1000

interface Made {
  id: string
  secret: string
  usesMax: number | null
  expiresAt: number | null
}

describe('who may make an account', () => {
  test('by invitation, unless the workspace says otherwise', async () => {
    await using world = await openWorld()
    await world.admin('alice')
    expect((await signsUp(world, 'bob')).body).toMatchObject({
      status: 403,
      code: 'forbidden',
      detail: expect.stringContaining('invitation'),
    })
    const { secret } = await invites(world)
    const made = await signsUp(world, 'bob', { invite: secret })
    expect(made).toMatchObject({ status: 201, body: { username: 'bob', role: 'member' } })
    const cookie = made.headers.get('set-cookie')!.split(';')[0]!
    expect((await world.stranger({ cookie }).get('/me')).body).toEqual(made.body)
    expect((await signsUp(world, 'carol', { invite: 'made-up' })).body).toMatchObject({ status: 403, code: 'forbidden' })
  })

  test('open: everybody, without an invitation; one that is given must stand all the same', async () => {
    await using world = await openWorld()
    await world.admin('alice')
    await world.operate('workspace.update', { signUp: 'open' })
    expect(await signsUp(world, 'bob')).toMatchObject({ status: 201, body: { role: 'member' } })
    expect((await signsUp(world, 'carol', { invite: 'made-up' })).body).toMatchObject({ status: 403, code: 'forbidden' })
  })

  test('closed: nobody, whatever they hold, but the first visitor of an empty server', async () => {
    await using world = await openWorld()
    await world.operate('workspace.update', { signUp: 'closed' })
    const { secret } = await invites(world)
    await world.operate('invite.first', { secret: 'first' })
    expect(await signsUp(world, 'alice', { invite: 'first' })).toMatchObject({ status: 201, body: { role: 'admin' } })
    for (const more of [{}, { invite: secret }, { invite: 'first' }])
      expect((await signsUp(world, 'bob', more)).body).toMatchObject({ status: 403, code: 'forbidden' })
  })

  test('whatever it says, nobody comes before the administrator', async () => {
    await using world = await openWorld()
    await world.operate('invite.first', { secret: 'first' })
    await world.operate('workspace.update', { signUp: 'open' })
    const { secret } = await invites(world)
    expect((await signsUp(world, 'bob')).body).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await signsUp(world, 'bob', { invite: secret })).body).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await signsUp(world, 'alice', { invite: 'first' })).status).toBe(201)
    expect((await signsUp(world, 'bob')).status).toBe(201)
  })

  test('nobody says of themselves that they administer', async () => {
    await using world = await openWorld()
    await world.admin('alice')
    await world.operate('workspace.update', { signUp: 'open' })
    expect((await signsUp(world, 'bob', { role: 'admin' })).body).toMatchObject({ status: 403, code: 'forbidden' })
  })

  test('an invitation makes another account for whoever is signed in, too', async () => {
    await using world = await openWorld()
    const bob = await world.person('bob')
    const { secret } = await invites(world)
    const made = await bob.post('/users', { username: 'bob2', password: PASSWORD, invite: secret })
    expect(made).toMatchObject({ status: 201, body: { username: 'bob2' } })
    expect(made.headers.get('set-cookie')).toContain('belfry=')
  })

  test('[P4] accounts that nobody was invited to make are so many from one place; invited ones are not counted', async () => {
    await using world = await openWorld({ signIns: { burst: 3, perSecond: 0.001 } })
    await world.admin('alice')
    const { secret } = await invites(world)
    for (const username of ['a1', 'a2', 'a3', 'a4', 'a5']) expect((await signsUp(world, username, { invite: secret })).status).toBe(201)
    await world.operate('workspace.update', { signUp: 'open' })
    for (const username of ['b1', 'b2', 'b3']) expect((await signsUp(world, username)).status).toBe(201)
    expect((await signsUp(world, 'b4')).body).toMatchObject({ status: 429, code: 'rate-limited' })
  })
})

test('nobody is hashed for who would not be let in: a closed server is not busy with strangers', async () => {
  await using world = await World.open()
  await world.person('alice')
  const { secret } = await world.operates<Made>('invite.create', {})
  const strangers = await Promise.all(Array.from({ length: 150 }, (_, at) => refusal(comes(world, `user${at}`, 'made-up'))))
  expect(new Set(strangers)).toEqual(new Set(['forbidden']))
  await world.operates('workspace.update', { signUp: 'closed' })
  const invited = await Promise.all(Array.from({ length: 150 }, (_, at) => refusal(comes(world, `user${at}`, secret))))
  expect(new Set(invited)).toEqual(new Set(['forbidden']))
})

test('[W7] whether the first link is made is looked at once nobody can make an account meanwhile; a sign-in keeps only its own account still', async () => {
  const locks: [name: string, topics: string[]][] = []
  const noting = (name: 'invite.first' | 'session.start'): RunnableWrite => ({
    one: (tx, write) => {
      tx.lock = async (...topics) => void locks.push([name, topics])
      return writes[name].one(tx, write)
    },
  })
  const noted = { 'invite.first': noting('invite.first'), 'session.start': noting('session.start') }
  await using world = await World.open({ writes: { ...testWrites, ...noted } })
  expect(await world.operates('invite.first', { secret: 'first' })).toBe(true)
  const alice = await world.person('alice')
  expect(locks).toEqual([
    ['invite.first', ['workspace']],
    ['session.start', [alice.topic]],
  ])
})

describe('an invitation', () => {
  test('lets in as many as it is for, also when more come at once', async () => {
    await using world = await World.open()
    await world.person('alice')
    const { id, secret } = await world.operates<Made>('invite.create', { usesMax: 3 })
    const comers = Array.from({ length: 10 }, (_, at) => refusal(comes(world, `user${at}`, secret)))
    expect((await Promise.all(comers)).toSorted()).toEqual([...Array(3).fill('done'), ...Array(7).fill('forbidden')])
    expect(await world.table('users')).toHaveLength(1 + 3)
    expect(await world.table('invites')).toMatchObject([{ id, uses: 3 }])
  })

  test('is used up by accounts alone, not by what was refused', async () => {
    await using world = await World.open()
    await world.person('alice')
    const { secret } = await world.operates<Made>('invite.create', { usesMax: 1 })
    expect(await refusal(comes(world, 'Alice', secret))).toBe('username-taken')
    expect(await refusal(comes(world, 'bob', secret))).toBe('done')
  })

  test('lasts as long as it was made for: 7 days unless said otherwise', async () => {
    await using world = await World.open()
    await world.person('alice')
    const week = await world.operates<Made>('invite.create', {})
    const hour = await world.operates<Made>('invite.create', { lastsMs: 3_600_000 })
    const always = await world.operates<Made>('invite.create', { lastsMs: null })
    expect([week, hour, always].map(({ expiresAt }) => expiresAt)).toEqual([
      world.clock.now() + 7 * DAY_MS,
      world.clock.now() + 3_600_000,
      null,
    ])
    world.clock.passes(3_600_000 - 1)
    expect(await refusal(comes(world, 'a', hour.secret))).toBe('done')
    world.clock.passes(1)
    expect(await refusal(comes(world, 'b', hour.secret))).toBe('forbidden')
    world.clock.passes(7 * DAY_MS)
    expect(await refusal(comes(world, 'c', week.secret))).toBe('forbidden')
    world.clock.passes(1_000 * DAY_MS)
    expect(await refusal(comes(world, 'd', always.secret))).toBe('done')
  })

  test('is told apart from others by its id, listed without its secret, and lets nobody in once it is revoked', async () => {
    await using world = await openWorld()
    const alice = await world.admin('alice')
    const made = await alice.post('/invites', { usesMax: 2, lastsMs: 60_000 })
    expect(made).toMatchObject({ status: 201, body: { createdBy: alice.user.id, usesMax: 2, uses: 0, revokedAt: null } })
    const { secret, ...shown } = made.body
    expect((await alice.get('/invites')).body).toEqual({ items: [shown], next: null })
    const revoked = await alice.delete(`/invites/${shown.id}`)
    expect(revoked).toMatchObject({ status: 200, body: { ...shown, revokedAt: expect.any(Number) } })
    expect((await alice.delete(`/invites/${shown.id}`)).body).toEqual(revoked.body)
    expect((await signsUp(world, 'bob', { invite: secret })).body).toMatchObject({ status: 403, code: 'forbidden' })
    const stored = await world.store.read((db) => db.selectFrom('invites').selectAll().execute())
    expect(JSON.stringify([stored, world.logged])).not.toContain(secret)
  })

  test.each([{ usesMax: 0 }, { usesMax: 10_001 }, { usesMax: 1.5 }, { lastsMs: 59_999 }, { lastsMs: 366 * DAY_MS }])(
    'within bounds: not %j',
    async (input) => {
      await using world = await openWorld()
      expect((await (await world.admin('alice')).post('/invites', input)).body).toMatchObject({ status: 400, code: 'malformed' })
    },
  )
})

test('long lists of invitations and keys come by pages, the newest first', async () => {
  await using world = await openWorld()
  const alice = await world.admin('alice')
  for (const path of ['/invites', '/keys']) {
    const made = []
    for (let at = 0; at < 5; at++)
      made.unshift((await alice.post(path, path === '/keys' ? { name: 'ci', scopes: ['notify'] } : {})).body.id)
    const listed = []
    let next: string | null = ''
    while (next !== null) {
      const page = await alice.get(`${path}?limit=2${next && `&cursor=${next}`}`)
      listed.push(...page.body.items.map(({ id }: { id: string }) => id))
      next = page.body.next
    }
    expect(listed).toEqual(made)
  }
})

function signsUp(world: HttpWorld, username: string, more: Partial<Input<'user.create'>> = {}) {
  return world.stranger().post('/users', { username, password: PASSWORD, ...more })
}

function invites(world: HttpWorld): Promise<Made> {
  return world.operate<Made>('invite.create', {})
}

function comes(world: World, username: string, invite: string) {
  return signUp(world.store, { username, password: PASSWORD, invite, device: 'x', now: world.clock.now() })
}
