import type { Result } from '@belfry/protocol/commands.ts'
import { VERSIONS_MAX } from '@belfry/protocol/limits.ts'
import type { Message, Room } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { expect, test } from 'vitest'
import type { Screen } from './screen.ts'
import { World } from './world.ts'

function versions(screen: Screen, { roomId, id }: Message) {
  return screen.calls('message.versions', { roomId, id })
}

async function bodies(screen: Screen, message: Message): Promise<string[]> {
  return ((await versions(screen, message)).result as Result<'message.versions'>).items.map(({ body }) => body)
}

test('[F6] what a message said, and when each text was written: the present one first', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await bob.opens(world.opensNode(), [])
  const begun = world.clock.now()
  const posted = await alice.post('one')
  world.clock.passes(1_000)
  const edited = await alice.edits(posted, 'two')
  world.clock.passes(1_000)
  await alice.edits(edited, 'three')

  expect((await versions(screen, posted)).result).toEqual({
    items: [
      { body: 'three', writtenAt: begun + 2_000 },
      { body: 'two', writtenAt: begun + 1_000 },
      { body: 'one', writtenAt: begun },
    ],
    epoch: world.store.epoch,
    seq: await world.seqOf(roomTopic(GENERAL_ROOM)),
  })
  expect(await bodies(screen, await alice.post('as it was written'))).toEqual(['as it was written'])
})

test('an edit that stores nothing leaves no version: sent again, stale, or the same text [W2]', async () => {
  await using world = await World.open()
  const [alice] = await world.people('alice')
  const posted = await alice.post('one')
  await alice.edits(posted, 'two')
  await alice.edits(posted, 'two')
  await expect(alice.edits(posted, 'three')).rejects.toThrow('changed meanwhile')
  expect(await world.table('versions')).toHaveLength(1)
})

test('with a message all that it said is gone', async () => {
  await using world = await World.open()
  const [alice] = await world.people('alice')
  const screen = await alice.opens(world.opensNode(), [])
  const posted = await alice.post('a secret')
  const other = await alice.post('another')
  await alice.edits(other, 'stays')
  await alice.edits(posted, 'nothing')
  await alice.deletes(posted)
  expect((await versions(screen, posted)).refusal).toMatchObject({ code: 'not-found' })
  expect(await world.table('versions')).toMatchObject([{ messageId: other.id, body: 'another' }])
})

test('[A1] [A3] whoever may not read the room, or names another one, finds nothing', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', kind: 'closed' })
  const message = await alice.post('between us', { roomId })
  const node = world.opensNode()
  const [own, others] = [await alice.opens(node, []), await bob.opens(node, [])]
  expect(await bodies(own, message)).toEqual(['between us'])
  expect((await versions(others, message)).refusal).toMatchObject({ code: 'not-found' })
  expect((await versions(others, { ...message, roomId: GENERAL_ROOM })).refusal).toMatchObject({ code: 'not-found' })
})

test('[P4] the newest of many are kept, and as much text as a page holds is listed', async () => {
  await using world = await World.open()
  const [alice] = await world.people('alice')
  const screen = await alice.opens(world.opensNode(), [])
  let message = await alice.post('0')
  for (let at = 1; at <= VERSIONS_MAX + 1; at++) message = await alice.edits(message, `${at}`)
  const kept = Array.from({ length: VERSIONS_MAX }, (_, at) => `${VERSIONS_MAX + 1 - at}`)
  expect(await bodies(screen, message)).toEqual(kept)
  expect(await world.table('versions')).toHaveLength(VERSIONS_MAX - 1)

  for (let at = 0; at < 15; at++) message = await alice.edits(message, `${at}`.padEnd(16_000, 'x'))
  expect(await bodies(screen, message)).toHaveLength(12)
})
