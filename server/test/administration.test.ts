import type { CommandName } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { WriteFunction } from '#store/batch.ts'
import { ADMIN_COMMANDS, adminInputs, requestOf } from './admin-inputs.ts'
import { type Answer, type Client, openWorld, PASSWORD, type Person, type World as HttpWorld } from './http-world.ts'
import { settles } from './settle.ts'
import { FACTS } from './test-node.ts'
import { testWrites } from './test-writes.ts'
import { refusal, World } from './world.ts'

test('the table of this test holds every command that only administrators may', () => {
  expect(Object.keys(adminInputs({ userId: '', inviteId: '', keyId: '' })).sort()).toEqual(ADMIN_COMMANDS.toSorted())
})

describe('who is no administrator', () => {
  let world: HttpWorld
  let alice: Person
  let bob: Person
  let program: Client
  let inputs: ReturnType<typeof adminInputs>
  beforeAll(async () => {
    world = await openWorld()
    alice = await world.admin('alice')
    bob = await world.person('bob')
    const invite = await world.operate<{ id: string }>('invite.create', {})
    const { key } = await world.program('notify')
    program = await world.program('metrics')
    await program.get('/me') // Its first use is noted.
    inputs = adminInputs({ userId: bob.user.id, inviteId: invite.id, keyId: key.id })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const does = (client: Client, name: CommandName): Promise<Answer> => {
    const { method, path, body } = requestOf(name, inputs[name as keyof typeof inputs])
    return client.send(method, path, body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {})
  }

  test.each(ADMIN_COMMANDS)('[A1] %s is refused to a member, a program and a stranger, and changes nothing', async (name) => {
    const before = await contentsOf(world)
    expect((await does(bob, name)).body).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await does(program, name)).body).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await does(world.stranger(), name)).body).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(await contentsOf(world)).toEqual(before)
  })

  test('[A1] makes no account for somebody else either', async () => {
    const answer = await bob.post('/users', { username: 'carol', password: PASSWORD })
    expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' })
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test.each(ADMIN_COMMANDS)('[A1] %s is what an administrator may', async (name) => {
    expect((await does(alice, name)).status).toBeLessThan(300)
  })
})

test.each(ADMIN_COMMANDS)('[A1] over the socket too, %s is refused to a member', async (name) => {
  await using world = await World.open()
  const [alice, bob] = [await world.person('alice', 'admin'), await world.person('bob')]
  const invite = await world.operates<{ id: string }>('invite.create', {})
  const key = await world.operates<{ id: string }>('key.create', { name: 'ci', scopes: ['notify'] })
  const input = adminInputs({ userId: bob.id, inviteId: invite.id, keyId: key.id })[name as 'server.get']
  const node = world.opensNode()
  const [hers, his] = [await alice.opens(node), await bob.opens(node)]
  expect((await his.calls(name, input)).refusal).toMatchObject({ code: 'forbidden' })
  expect((await hers.calls(name, input)).refusal).toBeUndefined()
})

describe('administrators', () => {
  let world: HttpWorld
  let alice: Person
  let bob: Person
  beforeEach(async () => {
    world = await openWorld()
    alice = await world.admin('alice')
    bob = await world.person('bob')
    return () => world[Symbol.asyncDispose]()
  })

  test('make an account for somebody else, who is signed in nowhere by that', async () => {
    const made = await alice.post('/users', { username: 'carol', password: PASSWORD, name: 'Carol C', role: 'admin' })
    expect(made).toMatchObject({ status: 201, body: { username: 'carol', name: 'Carol C', role: 'admin' } })
    expect(made.headers.get('set-cookie')).toBeNull()
    const found = await alice.get('/users/search?query=carol')
    expect(found.body.items).toEqual([{ ...made.body, canSignIn: true, sessions: 0 }])
    expect((await world.stranger().post('/session', { username: 'carol', password: PASSWORD })).status).toBe(200)
    const taken = await alice.post('/users', { username: 'CAROL', password: PASSWORD })
    expect(taken.body).toMatchObject({ status: 409, code: 'username-taken' })
  })

  test('rename an account: the new name signs in and is searched by, the old one is free', async () => {
    const renamed = await alice.patch(`/users/${bob.user.id}`, { username: 'robert', name: 'Robért' })
    expect(renamed).toMatchObject({ status: 200, body: { id: bob.user.id, username: 'robert', name: 'Robért' } })
    const signsIn = (username: string) => world.stranger().post('/session', { username, password: PASSWORD })
    expect((await signsIn('bob')).status).toBe(401)
    expect((await signsIn('Robert')).status).toBe(200)
    expect((await alice.get(`/users/search?query=${encodeURIComponent('ROBÉRT')}`)).body).toMatchObject({ total: 1 })
    expect((await alice.get('/users/search?query=bob')).body).toMatchObject({ total: 0 })
    expect((await alice.post('/users', { username: 'bob', password: PASSWORD })).status).toBe(201)
  })

  test('cannot give a name that another has, but may spell somebody’s own anew', async () => {
    expect((await alice.patch(`/users/${bob.user.id}`, { username: 'Alice' })).body).toMatchObject({ status: 409, code: 'username-taken' })
    expect((await alice.patch(`/users/${bob.user.id}`, { username: 'BOB' })).body).toMatchObject({ username: 'BOB' })
  })

  test('[W4] what changes nothing spends no seq', async () => {
    const { name, username, role } = bob.user
    expect((await alice.patch(`/users/${bob.user.id}`, { name, username, role, isDisabled: false })).body).toEqual(bob.user)
    const workspace = await alice.patch('/workspace', { name: 'Example Inc.' })
    expect((await alice.patch('/workspace', { name: workspace.body.name })).body).toEqual(workspace.body)
    expect((await bob.patch('/me', { name })).body).toEqual(bob.user)
  })

  test('[A4] disable an account, which signs it out at once, and enable it again', async () => {
    const disabled = await alice.patch(`/users/${bob.user.id}`, { isDisabled: true })
    expect(disabled.body).toMatchObject({ disabledAt: expect.any(Number) })
    expect((await bob.get('/me')).status).toBe(401)
    expect((await alice.patch(`/users/${bob.user.id}`, { isDisabled: true })).body).toEqual(disabled.body)
    expect((await alice.patch(`/users/${bob.user.id}`, { isDisabled: false })).body).toMatchObject({ disabledAt: null })
    expect((await bob.get('/me')).status, 'the old session stays ended').toBe(401)
    expect((await world.stranger().post('/session', { username: 'bob', password: PASSWORD })).status).toBe(200)
  })

  test('[A4] reset a password, which signs the account out everywhere', async () => {
    expect((await alice.patch(`/users/${bob.user.id}/password`, { password: 'quite another one' })).body).toEqual(bob.user)
    expect((await bob.get('/me')).status).toBe(401)
    expect((await world.stranger().post('/session', { username: 'bob', password: PASSWORD })).status).toBe(401)
    expect((await world.stranger().post('/session', { username: 'bob', password: 'quite another one' })).status).toBe(200)
  })

  test('[A3] meet nothing under an id that is none', async () => {
    for (const answer of [
      await alice.patch('/users/nobody', { name: 'x' }),
      await alice.patch('/users/nobody/password', { password: PASSWORD }),
      await alice.delete('/invites/none'),
      await alice.delete('/keys/none'),
    ])
      expect(answer.body).toMatchObject({ status: 404, code: 'not-found' })
  })

  test('name the workspace, which strangers learn too', async () => {
    const workspace = await alice.patch('/workspace', { name: 'Example Inc.', signUp: 'closed' })
    expect(workspace.body).toMatchObject({ id: 'workspace', name: 'Example Inc.', signUp: 'closed' })
    expect(await world.stranger().get('/workspace')).toMatchObject({ status: 200, body: { name: 'Example Inc.', signUp: 'closed' } })
  })

  test('ring bells, as a program does', async () => {
    expect((await alice.post('/notifications', { to: 'bob', title: 'Look' })).status).toBe(201)
    expect((await bob.get('/me/notifications')).body.items).toMatchObject([{ title: 'Look' }])
  })

  test('see what the server says of itself', async () => {
    await alice.post('/rooms/general/messages', { body: 'one' })
    expect((await alice.get('/server')).body).toEqual({ ...FACTS, connections: 0, users: 2, messages: 1 })
  })

  test('make keys, of which only the hash is kept, list them and take them back', async () => {
    const made = await alice.post('/keys', { name: 'ci', scopes: ['notify', 'notify'] })
    expect(made).toMatchObject({ status: 201, body: { name: 'ci', scopes: ['notify'], usedAt: null, key: expect.stringMatching(/^bk_/) } })
    const { key, ...shown } = made.body
    expect((await alice.get('/keys')).body).toEqual({ items: [shown], next: null })
    const ci = world.stranger({ authorization: `Bearer ${key}` })
    expect((await ci.post('/notifications', { to: 'bob', title: 'x' })).status).toBe(201)
    const revoked = await alice.delete(`/keys/${shown.id}`)
    expect(revoked).toMatchObject({ status: 200, body: { revokedAt: expect.any(Number) } })
    expect((await alice.delete(`/keys/${shown.id}`)).body).toEqual(revoked.body)
    expect((await ci.post('/notifications', { to: 'bob', title: 'x' })).status).toBe(401)
    expect(JSON.stringify(await contentsOf(world))).not.toContain(key)
  })

  test('[N2] a secret is kept for no Idempotency-Key: one is refused, and nothing is made', async () => {
    const headers = { 'idempotency-key': 'once' }
    for (const [path, body] of [
      ['/keys', { name: 'ci', scopes: ['notify'] }],
      ['/invites', {}],
      ['/users', { username: 'carol', password: PASSWORD, invite: 'a secret' }],
      ['/session', { username: 'bob', password: PASSWORD }],
    ] as const)
      expect((await alice.post(path, body, headers)).body, path).toMatchObject({ status: 400, code: 'malformed' })
    const { keys, invites, users, idempotency } = await contentsOf(world)
    expect([keys, invites, users, idempotency].map((rows) => rows.length)).toEqual([0, 0, 2, 0])
  })

  test('[N2] an account that is made for somebody else is made once by an Idempotency-Key, and keeps its first password', async () => {
    const headers = { 'idempotency-key': 'carol' }
    const made = await alice.post('/users', { username: 'carol', password: PASSWORD }, headers)
    const again = await alice.post('/users', { username: 'carol', password: 'quite another one' }, headers)
    expect([made.status, again.status, again.body]).toEqual([201, 201, made.body])
    const other = await alice.post('/users', { username: 'aman', password: PASSWORD }, headers)
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency-mismatch' })
    expect((await world.stranger().post('/session', { username: 'carol', password: PASSWORD })).status).toBe(200)
    const { users, idempotency } = await contentsOf(world)
    expect([users.length, idempotency.length]).toEqual([3, 1])
  })
})

describe('the last administrator', () => {
  test('cannot be demoted or disabled, by nobody', async () => {
    await using world = await World.open()
    const [alice, bob] = [await world.person('alice', 'admin'), await world.person('bob')]
    for (const to of [{ role: 'member' }, { isDisabled: true }]) {
      expect(await refusal(alice.does('user.update', { id: alice.id, ...to }))).toBe('last-admin')
      expect(await refusal(world.operates('user.update', { id: alice.id, ...to }))).toBe('last-admin')
    }
    await alice.does('user.update', { id: bob.id, role: 'admin' })
    expect(await refusal(alice.does('user.update', { id: alice.id, role: 'member' }))).toBe('done')
    expect(await refusal(alice.does('user.update', { id: bob.id, role: 'member' }))).toBe('forbidden')
  })

  test('is whoever stands: one who is disabled does not count', async () => {
    await using world = await World.open()
    const [alice, bob] = [await world.person('alice', 'admin'), await world.person('bob', 'admin')]
    await world.disables(bob)
    expect(await refusal(alice.does('user.update', { id: alice.id, isDisabled: true }))).toBe('last-admin')
    expect(await refusal(alice.does('user.update', { id: bob.id, role: 'member' }))).toBe('done')
  })

  test('is whoever can sign in: one without a password does not count', async () => {
    const takesPassword: WriteFunction<{ userId: string }, null> = async (tx, { input }) => {
      await tx.db.deleteFrom('passwords').where('userId', '=', input.userId).execute()
      return null
    }
    await using world = await World.open({ writes: { ...testWrites, 'test.takes-password': { one: takesPassword } } })
    const [alice, bob] = [await world.person('alice', 'admin'), await world.person('bob', 'admin')]
    await world.operates('test.takes-password', { userId: bob.id })
    expect(await refusal(alice.does('user.update', { id: alice.id, role: 'member' }))).toBe('last-admin')
    await world.operates('user.set-password', { id: bob.id, passwordHash: 'another' })
    expect(await refusal(alice.does('user.update', { id: alice.id, role: 'member' }))).toBe('done')
  })

  test('[W7] stays when two demote each other, or themselves, at once', async () => {
    await using world = await World.open()
    const [alice, bob] = [await world.person('alice', 'admin'), await world.person('bob', 'admin')]
    const outcomes = await Promise.all([
      refusal(alice.does('user.update', { id: bob.id, role: 'member' })),
      refusal(bob.does('user.update', { id: alice.id, role: 'member' })),
    ])
    expect(outcomes.toSorted()).toEqual(['done', 'forbidden'])
    for (const { id } of [alice, bob]) await world.operates('user.update', { id, role: 'admin' })
    const leave = (person: { id: string }) => refusal(world.operates('user.update', { id: person.id, role: 'member' }))
    expect((await Promise.all([leave(alice), leave(bob)])).toSorted()).toEqual(['done', 'last-admin'])
  })
})

test('[A1] a demoted administrator can do nothing from that commit on, on a socket that stays open', async () => {
  await using world = await World.open()
  const [alice, bob] = [await world.person('alice', 'admin'), await world.person('bob', 'admin')]
  const his = await bob.opens(world.opensNode())
  expect((await his.calls('user.search', {})).result).toMatchObject({ total: 2 })
  await alice.does('user.update', { id: bob.id, role: 'member' })
  expect((await his.calls('invite.create', {})).refusal).toMatchObject({ code: 'forbidden' })
  expect((await his.calls('user.search', {})).refusal).toMatchObject({ code: 'forbidden' })
  expect((await his.calls('notification.publish', { to: 'alice', title: 'x' })).refusal).toMatchObject({ code: 'forbidden' })
  expect((await his.calls('me.get', {})).result).toMatchObject({ role: 'member' })
})

test('[A4] whom an administrator disables is cut off at once, wherever they are connected', async () => {
  await using world = await World.open()
  const [alice, bob] = [await world.person('alice', 'admin'), await world.person('bob')]
  const screens = [await bob.opens(world.opensNode()), await bob.opens(world.opensNode())]
  await alice.does('user.update', { id: bob.id, isDisabled: true })
  await settles()
  expect(screens.map((screen) => screen.socket.closed?.code)).toEqual([4502, 4502])
})

test('[W2] people of elsewhere are no accounts: nothing is done to them', async () => {
  await using world = await World.open()
  const alice = await world.person('alice', 'admin')
  const { id } = await world.operates<User>('test.imported', { username: 'ada' })
  expect(await refusal(alice.does('user.update', { id, role: 'admin' }))).toBe('not-found')
  expect(await refusal(alice.does('user.set-password', { id, passwordHash: 'x' }))).toBe('not-found')
})

/** What commands of administrators change. */
function contentsOf({ store }: HttpWorld) {
  return store.read(async (db) => ({
    workspace: await db.selectFrom('workspace').selectAll().execute(),
    users: await db.selectFrom('users').selectAll().execute(),
    passwords: await db.selectFrom('passwords').selectAll().execute(),
    sessions: await db.selectFrom('sessions').selectAll().execute(),
    invites: await db.selectFrom('invites').selectAll().execute(),
    keys: await db.selectFrom('keys').selectAll().execute(),
    idempotency: await db.selectFrom('idempotency').selectAll().execute(),
  }))
}
