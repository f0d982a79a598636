import { CLOSE } from '@belfry/protocol/close-codes.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, type Person, type World } from './http-world.ts'
import { settles, until } from './settle.ts'
import { StreamReader } from './stream-reader.ts'
import { testWrites } from './test-writes.ts'

const GENERAL = 'room:general'

let world: World
let alice: Person
let bob: Person

beforeEach(async () => {
  world = await openWorld({ writes: testWrites })
  alice = await world.person('alice')
  bob = await world.person('bob')
})
afterEach(() => world[Symbol.asyncDispose]())

async function follows(topic: string, { since, person = bob, headers }: { since?: string; person?: Person; headers?: object } = {}) {
  const address = `${world.url}/api/v1/topics/${topic}/changes${since === undefined ? '' : `?since=${since}`}`
  return StreamReader.open(address, { authorization: `Bearer ${person.token}`, ...headers })
}

async function posts(...bodies: string[]): Promise<Message[]> {
  const answers = []
  for (const body of bodies) answers.push((await alice.post('/rooms/general/messages', { body })).body)
  return answers
}

test('one topic, and nothing else: a snapshot, then each change with its position', async () => {
  const [one] = await posts('one')
  const reader = await follows(GENERAL)
  await reader.isLive(GENERAL)
  const [two, three] = await posts('two', 'three')
  await world.operate('notification.publish', { to: 'bob', title: 'Build failed' })
  await until(() => reader.bodies().length === 3)
  expect(reader.frames.map(({ t }) => t)).toEqual(['snapshot', 'live', 'change', 'change'])
  expect(reader.bodies()).toEqual(['one', 'two', 'three'])
  expect(reader.ids).toEqual([one, two, three].map((message) => `${world.store.epoch}:${message!.changed}`))
})

test('[N1] one’s own inbox can be followed like that, and nobody else’s', async () => {
  const reader = await follows(`user:${bob.user.id}`)
  await reader.isLive(`user:${bob.user.id}`)
  await world.operate('notification.publish', { to: 'bob', title: 'Build failed' })
  await world.operate('notification.publish', { to: 'alice', title: 'Not for bob' })
  await until(() => reader.told('change').length > 0)
  await settles()
  expect(reader.told('change')).toMatchObject([{ rows: { notification: [{ title: 'Build failed' }] } }])
  const answer = await bob.get(`/topics/user:${alice.user.id}/changes`)
  expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } })
})

test('[A3] what is no topic, or not one’s own, is not there', async () => {
  await world.operate('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
  for (const topic of ['room:cellar', 'room:nowhere', 'room:', 'General', 'workspace:x', 'room%3Anowhere'])
    expect(await bob.get(`/topics/${topic}/changes`)).toMatchObject({ status: 404, body: { code: 'not-found' } })
  expect(await world.stranger().get('/topics/room:nowhere/changes')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  expect((await follows('room%3Ageneral')).status).toBe(200)
})

test.each(['since=12', 'since=e:', 'since=e:x', 'since=e:1&since=e:2'])('a position that is none: %s', async (query) => {
  expect(await bob.get(`/topics/${GENERAL}/changes?${query}`)).toMatchObject({ status: 400, body: { code: 'malformed' } })
})

test('[F1] who says where they stood gets what they missed, by header or in the address, and nothing twice', async () => {
  const [one] = await posts('one', 'two')
  const since = `${world.store.epoch}:${one!.changed}`
  for (const reader of [await follows(GENERAL, { since }), await follows(GENERAL, { headers: { 'last-event-id': since } })]) {
    await reader.isLive(GENERAL)
    expect(reader.bodies()).toEqual(['two'])
    expect(reader.told('snapshot')).toEqual([])
  }
  const restored = await follows(GENERAL, { since: `another:${one!.changed}` })
  await restored.isLive(GENERAL)
  expect(restored.told('snapshot')).toHaveLength(1)
})

test('[F1] only the last part of a change has a position: who is cut off between them begins with the first again', async () => {
  const [one] = await posts('one', ...Array.from({ length: 6 }, () => `x${'\u0001'.repeat(15_000)}`))
  const reader = await follows(GENERAL, { since: `${world.store.epoch}:${one!.changed}` })
  await reader.isLive(GENERAL)
  const parts = reader.told('change').map(({ part }) => part)
  expect(parts.length).toBeGreaterThan(1)
  expect(parts.at(-1)).toEqual([parts.length - 1, parts.length])
  expect(reader.ids).toEqual([`${world.store.epoch}:${one!.changed + 6}`])
})

test('[A2] who may not follow any more is told so in the last frame; the end of the session is told like that too', async () => {
  await world.operate('test.room', { id: 'cellar', name: 'Cellar', kind: 'closed' })
  const member = (is: 'in' | 'out') => world.operate('test.member', { roomId: 'cellar', userId: bob.user.id, is })
  await member('in')
  const [cellar, general] = [await follows('room:cellar'), await follows(GENERAL)]
  await cellar.isLive('room:cellar')
  await general.isLive(GENERAL)
  await member('out')
  await cellar.ends()
  expect(cellar.frames.at(-1)).toEqual({ t: 'unfollowed', topic: 'room:cellar', reason: 'not-found' })
  await bob.delete('/session')
  await general.ends()
  expect(general.frames.at(-1)).toMatchObject({ t: 'close', code: CLOSE['session-ended'] })
})
