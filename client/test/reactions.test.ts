import { expect, test } from 'vitest'
import { connect, type RoomHandle } from '#belfry.ts'
import type { RowsFrame } from '#parts.ts'
import { copyOf, KEPT_MESSAGES_MAX } from '#topic-copy.ts'
import { Topic } from '#topic.ts'
import { change, EPOCH, FakeNetwork, live, message, reaction, roomRow, snapshot } from './fake-world.ts'

const ROOM = 'room:general'

function topicAt(seq: number, oldest: number | null, rows: RowsFrame['rows']): Topic {
  const topic = new Topic()
  topic.take(snapshot(ROOM, seq, { rows, windows: { messages: oldest } }))
  return topic
}

function held(topic: Topic): string[] {
  return [...topic.rows('reaction').values()].map(({ id, endedAt }) => `${id}${endedAt === null ? '' : ' ended'}`).toSorted()
}

async function inGeneral(rows: RowsFrame['rows']) {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world })
  const socket = await net.welcomes()
  socket.tells(snapshot(ROOM, 10, { rows: { room: [roomRow()], ...rows }, windows: { messages: null } }), live(ROOM, 10))
  return { room: belfry.room('general'), socket }
}

function sees(room: RoomHandle): string[] {
  return room.view
    .get()
    .items.map(({ body, reactions }) => [body, ...reactions.map(({ emoji, userIds }) => `${emoji} ${userIds.join(' ')}`)].join(', '))
}

test('[F5] reactions are held where their messages are, and let go of with them', () => {
  const messages = Array.from({ length: 10 }, (_, at) => message(91 + at))
  const topic = topicAt(100, 91, { message: messages, reaction: [reaction(92, { changed: 95 }), reaction(99)] })
  topic.take(change(ROOM, [100, 102], { reaction: [reaction(40, { changed: 101 }), reaction(93, { changed: 102 })] }))
  expect(held(topic)).toEqual(['m92:bob:👍', 'm93:bob:👍', 'm99:bob:👍'])

  const page = topic.awaitPage({ is: 'elsewhere' })!
  topic.takePage(page, {
    epoch: EPOCH,
    seq: 102,
    rows: { message: [message(40)], reaction: [reaction(40, { changed: 101 })] },
    span: { from: 40, to: 40 },
  })
  topic.letGo({ near: 40, shown: 1, latest: 2 })
  expect(held(topic)).toEqual(['m40:bob:👍', 'm99:bob:👍'])
  topic.showLatest()
  expect(held(topic)).toEqual(['m99:bob:👍'])
})

test('[F6] what ended while a page was awaited does not come back with it', () => {
  const topic = topicAt(100, 91, { message: [message(91)] })
  const page = topic.awaitPage({ is: 'earlier', than: 91 })!
  topic.take(change(ROOM, [100, 101], { reaction: [reaction(90, { changed: 101, endedAt: 7 })] }))
  const rows = { message: [message(90)], reaction: [reaction(90)] }
  expect(topic.takePage(page, { epoch: EPOCH, seq: 100, rows, span: { from: 90, to: 90 } })).toBe(true)
  expect(held(topic)).toEqual(['m90:bob:👍 ended'])
})

test('[F5] the local copy keeps them as far as it keeps their messages', () => {
  const count = KEPT_MESSAGES_MAX + 50
  const messages = Array.from({ length: count }, (_, at) => message(at + 1))
  const topic = topicAt(count, null, { message: messages, reaction: [reaction(50), reaction(51)] })
  const copy = copyOf(ROOM, topic, { openedAt: 0, authors: new Set() })!
  expect(copy.windows).toEqual({ messages: 51 })
  expect(copy.rows.reaction).toEqual([reaction(51)])
})

test('a message shows what stands at it: emoji as they first appeared, people in their order', async () => {
  const { room } = await inGeneral({
    message: [message(1), message(2)],
    reaction: [
      reaction(1, { userId: 'carol', changed: 9 }),
      reaction(1, { userId: 'alice', emoji: '🎉', changed: 7 }),
      reaction(1, { userId: 'bob', changed: 5 }),
      reaction(1, { userId: 'aman', emoji: '👀', changed: 8, endedAt: 8 }),
    ],
  })
  expect(sees(room)).toEqual(['body 1, 👍 bob carol, 🎉 alice', 'body 2'])
})

test('an item keeps its identity while nothing stands at it that did not before', async () => {
  const { room, socket } = await inGeneral({ message: [message(1), message(2)], reaction: [reaction(1)] })
  const [one, two] = room.view.get().items
  socket.tells(change(ROOM, [10, 11], { reaction: [reaction(2, { changed: 11 })] }))
  expect(room.view.get().items[0]).toBe(one)
  expect(room.view.get().items[1]).not.toBe(two)
  expect(sees(room)).toEqual(['body 1, 👍 bob', 'body 2, 👍 bob'])
})

test('one’s own is shown with the answer, before the stream tells of it; and so is its end', async () => {
  const { room, socket } = await inGeneral({ message: [message(1)] })
  const done = room.react('m1', '🎉')
  expect(socket.calls('reaction.add')).toMatchObject([{ input: { roomId: 'general', id: 'm1', emoji: '🎉' } }])
  const own = reaction(1, { userId: 'alice', emoji: '🎉', changed: 11 })
  await socket.answers('reaction.add', { result: own })
  await done
  expect(sees(room)).toEqual(['body 1, 🎉 alice'])

  const undone = room.unreact('m1', '🎉')
  await socket.answers('reaction.remove', { result: { ...own, changed: 12, endedAt: 12 } })
  await undone
  expect(sees(room)).toEqual(['body 1'])
  socket.tells(change(ROOM, [10, 11], { reaction: [own] }))
  expect(sees(room)).toEqual(['body 1'])
})

test('what is refused rejects, and leaves nothing', async () => {
  const { room, socket } = await inGeneral({ message: [message(1)] })
  const done = room.react('m1', '🎉')
  const told = expect(done).rejects.toMatchObject({ code: 'archived' })
  await socket.answers('reaction.add', { refusal: { code: 'archived', detail: 'No.' } })
  await told
  expect(sees(room)).toEqual(['body 1'])
})
