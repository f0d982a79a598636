import type { Member } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import { copyOf, listedIn } from '#topic-copy.ts'
import { Topic } from '#topic.ts'
import { EPOCH, message, roomRow, snapshot } from './fake-world.ts'

function numbered(from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, at) => message(from + at))
}

const about = { openedAt: 1, authors: new Set<string>() }

test('[F5] a part of the history that is apart from the newest is not kept: there would be a hole', () => {
  const topic = new Topic()
  topic.take(snapshot('room:general', 2_000, { rows: { message: numbered(1_000, 1_149) }, windows: { messages: 1_000 } }))
  const page = topic.awaitPage({ is: 'elsewhere' })!
  topic.takePage(page, { epoch: EPOCH, seq: 2_000, rows: { message: numbered(1, 100) }, span: { from: 1, to: 100 } })
  const copy = copyOf('room:general', topic, about)
  expect(copy?.rows.message).toEqual(numbered(1_000, 1_149))
  expect(copy?.windows).toEqual({ messages: 1_000 })
})

test('[F5] a room that is held whole is kept as whole', () => {
  const topic = new Topic()
  topic.take(snapshot('room:general', 2, { rows: { message: [message(1), message(2)] } }))
  expect(copyOf('room:general', topic, about)?.windows).toEqual({ messages: null })
})

test('a conversation is a pair as long as the rows tell of no third person, also of none who has left', () => {
  const copy = (...members: Member[]) => {
    const rows = { room: [roomRow({ kind: 'direct' })], member: members }
    return listedIn({ ...snapshot('room:general', 5, { rows }), openedAt: 1 }, 'alice')
  }
  const member = (id: string, endedAt: number | null = null): Member => {
    return { id, changed: 1, roomId: 'general', role: 'member', joinedAt: 1, seesAfter: 0, endedAt }
  }
  expect(copy(member('alice'), member('bob'))).toMatchObject({ people: ['alice', 'bob'], isPair: true })
  expect(copy(member('alice'), member('bob'), member('carol', 5))).toMatchObject({ people: ['alice', 'bob'], isPair: false })
})

test('nothing is kept of what is not held', () => {
  expect(copyOf('room:general', new Topic(), about)).toBeNull()
})
