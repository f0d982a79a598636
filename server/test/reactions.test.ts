import { EMOJI_PER_MESSAGE_MAX, REACTIONS_PER_MESSAGE_MAX } from '@belfry/protocol/limits.ts'
import type { Message, Reaction, Room } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { expect, test } from 'vitest'
import { reactionId } from '#chat/reactions.ts'
import type { Tx } from '#store/tx.ts'
import type { Write } from '#store/batch.ts'
import { openWorld } from './http-world.ts'
import { settles, until } from './settle.ts'
import { testWrites } from './test-writes.ts'
import { refusal, World } from './world.ts'

const GENERAL = roomTopic(GENERAL_ROOM)
/** The longest that there are, in bytes. */
const LONG = ['👩🏻‍❤️‍💋‍👨🏿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👨‍👩‍👧‍👦']

test('[W3] each person has each emoji once at a message; twice is no mistake, and spends no seq', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const message = await alice.post('lunch?')
  const first = await bob.reacts(message, '👍')
  expect(first).toMatchObject({ messageId: message.id, n: 1, userId: bob.id, emoji: '👍', endedAt: null })

  const seq = await world.seqOf(GENERAL)
  expect(await bob.reacts(message, '👍')).toEqual({ ...first, duplicate: true })
  const ended = await bob.unreacts(message, '👍')
  expect(ended).toMatchObject({ id: first.id, changed: seq + 1, endedAt: world.clock.now() })
  expect(await bob.unreacts(message, '👍')).toEqual(ended)
  world.clock.passes(1_000)
  expect(await bob.reacts(message, '👍')).toEqual({ ...first, changed: seq + 2, createdAt: world.clock.now() })
  expect(await world.table('reactions')).toHaveLength(1)
})

test('[F1] who was away gets what was given and taken back meanwhile; who watches is told of no message', async () => {
  await using world = await World.open()
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const node = world.opensNode()
  const message = await alice.post('lunch?')
  await bob.reacts(message, '👍')
  const before = await world.seqOf(GENERAL)
  const watching = await carol.opens(node, [])
  await bob.unreacts(message, '👍')
  await carol.reacts(message, '🎉')

  const screen = await alice.opens(node, [[GENERAL, world.store.epoch, before]])
  expect(
    screen
      .told('change', GENERAL)
      .map(({ rows }) => rows.reaction)
      .flat(),
  ).toMatchObject([
    { userId: bob.id, emoji: '👍', endedAt: expect.any(Number) },
    { userId: carol.id, emoji: '🎉', endedAt: null },
  ])
  await settles()
  node.realtime.feeds.tellWatchers()
  await settles()
  expect(watching.told('bump', GENERAL).at(-1)).toMatchObject({
    seq: await world.seqOf(GENERAL),
    messages: [],
    rows: {},
  })
})

test('[F5] a snapshot and a page bring what stands at their messages, read together with them [F6]', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const messages = await alice.posts(...Array.from({ length: 60 }, (_, at) => `message ${at}`))
  const [early, late] = [messages[2]!, messages[58]!]
  await bob.reacts(early, '👀')
  await bob.reacts(late, '👀')
  await alice.reacts(late, '🎉')
  await alice.unreacts(late, '🎉')

  const screen = await alice.opens(world.opensNode())
  expect(screen.rows(GENERAL, 'reaction')).toMatchObject([{ messageId: late.id }])
  const page = await screen.calls('message.list', { roomId: GENERAL_ROOM, before: 11 })
  expect(page.result).toMatchObject({ reactions: [{ messageId: early.id, emoji: '👀' }], seq: await world.seqOf(GENERAL) })
  for (const where of [{ after: 50 }, { around: late.id }, {}])
    expect((await screen.calls('message.list', { roomId: GENERAL_ROOM, ...where })).result).toMatchObject({ reactions: [{ n: late.n }] })
})

test('with a message its reactions are deleted, in the same change; it takes no more', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const message = await alice.post('wrong room')
  await bob.reacts(message, '👍')
  await alice.reacts(message, '🎉')
  const { changed } = await alice.deletes(message)
  expect(await world.table('reactions')).toMatchObject([
    { changed, endedAt: world.clock.now() },
    { changed, endedAt: world.clock.now() },
  ])
  expect(world.announced.at(-1)!.rows.reaction).toHaveLength(2)
  expect(await refusal(bob.reacts(message, '👍'))).toBe('not-found')
  expect(await refusal(bob.unreacts(message, '👍'))).toBe('not-found')
})

test('[A3] an emoji of another room, or of somebody else, is not found', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const room = await alice.does<Room>('room.create', { name: 'Other', kind: 'open' })
  const message = await alice.post('here')
  await alice.reacts(message, '👍')
  expect(await refusal(alice.reacts({ ...message, roomId: room.id }, '👍'))).toBe('not-found')
  expect(await refusal(bob.unreacts(message, '👍'))).toBe('not-found')
  expect(await world.table('reactions')).toMatchObject([{ userId: alice.id, endedAt: null }])
})

test('[A1] who does not see a message, as it was said before they came, is told nothing of what stands at it', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const room = await alice.does<Room>('room.create', { name: 'Den', kind: 'closed', history: 'since-joined' })
  const [roomId, topic] = [room.id, roomTopic(room.id)]
  const early = await alice.post('before', { roomId })
  await alice.reacts(early, '👍')
  await alice.does('member.add', { roomId, id: bob.id })
  const late = await alice.post('after', { roomId })
  const screen = await bob.opens(world.opensNode(), [[topic]])
  await alice.reacts(early, '🎉')
  await alice.reacts(late, '👀')
  await until(() => screen.rows(topic, 'reaction').length > 0)

  const told = [...screen.told('snapshot', topic), ...screen.told('change', topic)].flatMap(({ rows }) => rows.reaction ?? [])
  expect(told.map(({ messageId }) => messageId)).toEqual([late.id])
  const page = await screen.calls('message.list', { roomId, ids: [early.id, late.id] })
  expect(page.result).toMatchObject({ items: [{ id: late.id }], reactions: [{ messageId: late.id }] })
  expect(await refusal(bob.reacts(early, '👍'))).toBe('not-found')
  expect((await screen.calls('message.versions', { roomId, id: early.id })).refusal).toMatchObject({ code: 'not-found' })
})

test('where one of two has blocked the other, nobody reacts; one’s own can be taken back', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const { id: roomId } = await alice.does<Room>('direct.open', { people: [bob.id] })
  const message = await alice.post('hello', { roomId })
  await bob.reacts(message, '👍')
  await alice.does('block.create', { id: bob.id })
  for (const person of [alice, bob]) expect(await refusal(person.reacts(message, '🎉'))).toBe('forbidden')
  expect((await bob.unreacts(message, '👍')).endedAt).not.toBeNull()
})

test('in an archived room what stands stays as it is; said again it is no mistake', async () => {
  await using world = await World.open()
  const [alice] = await world.people('alice')
  const { id: roomId } = await alice.does<Room>('room.create', { name: 'Old', kind: 'open' })
  const message = await alice.post('the end', { roomId })
  await alice.reacts(message, '👍')
  await alice.does('room.update', { roomId, archived: true })
  expect(await refusal(alice.reacts(message, '🎉'))).toBe('archived')
  expect(await refusal(alice.unreacts(message, '👍'))).toBe('archived')
  expect(await alice.reacts(message, '👍')).toMatchObject({ duplicate: true })
})

test('[P4] a message takes so many different emoji and so many reactions; those that were taken back do not count', async () => {
  await using world = await World.open({ writes: { ...testWrites, 'test.crowd': { one: crowd } } })
  const [alice, bob] = await world.people('alice', 'bob')
  const message = await alice.post('vote')
  const letters = Array.from({ length: EMOJI_PER_MESSAGE_MAX + 1 }, (_, at) => String.fromCodePoint(0x1f600 + at))
  for (const emoji of letters.slice(0, -1)) await alice.reacts(message, emoji)
  expect(await refusal(bob.reacts(message, letters.at(-1)!))).toBe('too-large')
  await bob.reacts(message, letters[0]!)
  await alice.unreacts(message, letters[1]!)
  await bob.reacts(message, letters.at(-1)!)

  const crowded = await alice.post('everybody')
  const others = Array.from({ length: REACTIONS_PER_MESSAGE_MAX - 1 }, (_, at) => ({ userId: alice.id, emoji: `${at}` }))
  await world.operates('test.crowd', { message: crowded, reactions: others.map((one) => ({ ...one, kind: '👍' })) })
  await bob.reacts(crowded, '👍')
  expect(await refusal(alice.reacts(crowded, '👍'))).toBe('too-large')
  await bob.unreacts(crowded, '👍')
  await alice.reacts(crowded, '👍')
})

test('[P4] a page of crowded messages is shorter, and says where to go on', async () => {
  await using world = await World.open({ writes: { ...testWrites, 'test.crowd': { one: crowd } } })
  const [alice] = await world.people('alice')
  for (const message of await alice.posts(...Array.from({ length: 10 }, (_, at) => `message ${at}`))) {
    const reactions = Array.from({ length: 300 }, (_, at) => ({ userId: alice.id, emoji: `${at}`, kind: '👍' }))
    await world.operates('test.crowd', { message, reactions })
  }
  const screen = await alice.opens(world.opensNode(), [])
  const page = (await screen.calls('message.list', { roomId: GENERAL_ROOM })).result as {
    items: Message[]
    reactions: Reaction[]
    next: number
  }
  expect(page.items.map(({ n }) => n)).toEqual([5, 6, 7, 8, 9, 10])
  expect(page.reactions).toHaveLength(1_800)
  expect(page.next).toBe(5)
})

test('over HTTP the emoji stands in the path: exactly one, however long it is', async () => {
  await using world = await openWorld()
  const alice = await world.person('alice')
  const { body: message } = await alice.post('/rooms/general/messages', { body: 'hello' })
  const path = (emoji: string) => `/rooms/general/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`
  for (const emoji of LONG) {
    expect(await alice.post(path(emoji))).toMatchObject({ status: 201, body: { emoji, endedAt: null } })
    expect(await alice.post(path(emoji))).toMatchObject({ status: 200, body: { duplicate: true } })
    expect(await alice.delete(path(emoji))).toMatchObject({ status: 200, body: { endedAt: expect.any(Number) } })
  }
  for (const emoji of ['a', '👍👍', 'ok', '❤', '1']) expect(await alice.post(path(emoji))).toMatchObject({ status: 400 })
})

/** Reactions of more people than a test has accounts; each with an id of its own. */
async function crowd(
  tx: Tx,
  { input }: Write<{ message: Message; reactions: { userId: string; emoji: string; kind: string }[] }>,
): Promise<null> {
  const { id: messageId, roomId, n } = input.message
  const rows = input.reactions.map(({ userId, emoji, kind }) => ({
    topic: roomTopic(roomId),
    row: { id: reactionId({ messageId, userId, emoji }), roomId, messageId, n, userId, emoji: kind, createdAt: tx.now, endedAt: null },
  }))
  await tx.changeEach('reaction', rows)
  return null
}
