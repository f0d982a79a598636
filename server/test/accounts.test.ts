import type { User } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from '#accounts/passwords.ts'
import { signIn } from '#accounts/sign-in.ts'
import { signUp } from '#accounts/sign-up.ts'
import { findsSessions } from '#accounts/authenticate.ts'
import { settles } from './settle.ts'
import { refusal, World } from './world.ts'

const DAY_MS = 24 * 60 * 60 * 1000

test('a password is kept as argon2id, and only the right one is right', async () => {
  const hash = await hashPassword('correct horse')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await verifyPassword('correct horse', hash)).toBe(true)
  expect(await verifyPassword('wrong horse', hash)).toBe(false)
  expect(await verifyPassword('x', 'plain')).toBe(false)
})

test('the first visitor becomes the administrator, once, by a link that is made anew at each start', async () => {
  await using world = await World.open()
  const { store } = world
  expect(await world.operates('invite.first', { secret: 'old' })).toBe(true)
  expect(await world.operates('invite.first', { secret: 'first' })).toBe(true)
  const visitor = { username: 'alice', password: 'correct horse', device: 'x', now: world.clock.now() }
  expect(await refusal(signUp(store, { ...visitor, invite: 'old' }))).toBe('forbidden')
  const { user } = await signUp(store, { ...visitor, invite: 'first' })
  expect(user).toMatchObject({ username: 'alice', role: 'admin' })
  expect(await refusal(signUp(store, { ...visitor, username: 'bob', invite: 'first' }))).toBe('forbidden')
  expect(await world.operates('invite.first', { secret: 'again' })).toBe(false)
})

test('with the first account, however it was made, the link is spent', async () => {
  await using world = await World.open()
  await world.operates('invite.first', { secret: 'first' })
  await world.person('alice')
  const visitor = { username: 'bob', password: 'correct horse', device: 'x', now: world.clock.now() }
  expect(await refusal(signUp(world.store, { ...visitor, invite: 'first' }))).toBe('forbidden')
})

test('signing in: one answer for whatever is wrong, and no name is shown to exist', async () => {
  await using world = await World.open()
  const alice = await world.operates<User>('user.create', { username: 'alice', passwordHash: await hashPassword('correct horse') })
  const enter = (username: string, password: string) => signIn(world.store, { username, password, device: 'x' })
  const answers = await Promise.all(
    [enter('alice', 'wrong horse'), enter('nobody', 'correct horse')].map((one) =>
      one.catch((error: Error & { body: object }) => error.body),
    ),
  )
  expect(answers[0]).toEqual(answers[1])
  const { token } = await enter('ALICE', 'correct horse')
  expect(JSON.stringify(await world.table('tokens'))).not.toContain(token)
  await world.disables(alice)
  expect(await refusal(enter('alice', 'correct horse'))).toBe('wrong-credentials')
  expect(await findsSessions(world)(token)).toBeNull()
})

test('a session lasts 30 days from its last use', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const asks = () => findsSessions(world)(alice.device.token)
  world.clock.passes(29 * DAY_MS)
  expect(await asks()).toMatchObject({ sessionId: alice.device.sessionId })
  world.clock.passes(29 * DAY_MS)
  expect(await asks()).not.toBeNull()
  world.clock.passes(31 * DAY_MS)
  expect(await asks()).toBeNull()
})

test('[P4] a person’s devices are bounded: the oldest is signed out', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  for (let at = 0; at < 50; at++) await world.signsIn(alice.id)
  const sessions = await world.table('sessions')
  expect(sessions.filter(({ endedAt }) => endedAt === null)).toHaveLength(50)
  expect(sessions.find(({ id }) => id === alice.device.sessionId)?.endedAt).not.toBeNull()
})

test('[A1] what only the operator may do, nobody else does', async () => {
  await using world = await World.open()
  const alice = await world.person('alice', 'admin')
  expect(await refusal(alice.does('invite.first', { secret: 'x' }))).toBe('forbidden')
  expect(await refusal(alice.does('epoch.renew', {}))).toBe('forbidden')
})

test('a newcomer and a new name are seen by who follows the workspace', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const screen = await alice.opens(world.opensNode(), [['workspace']])
  await world.disables(await world.person('bob'))
  await settles()
  expect(screen.rows('workspace', 'user').find(({ username }) => username === 'bob')?.disabledAt).toBe(world.clock.now())
  expect(JSON.stringify(screen.frames)).not.toContain('folded')
})

test('[F6] profiles are read with the seq at which they were', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await alice.opens(world.opensNode(), [])
  const { result } = await screen.calls('user.list', { ids: [bob.id, 'nobody'] })
  expect(result).toEqual({ items: [bob.user], seq: await world.seqOf('workspace'), epoch: world.store.epoch })
})
