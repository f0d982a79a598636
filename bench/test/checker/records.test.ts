import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Message } from '@belfry/protocol/rows.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FrameBook, framesIn } from '#checker/record/frame-book.ts'
import { type Event, Journal } from '#checker/record/journal.ts'
import { linesIn } from '#checker/record/lines.ts'
import { toldBy } from '#checker/record/told.ts'

const LINE_CHARS = 300_000
const DISTINCT = 12_000

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function message(n: number): Message {
  const times = { createdAt: 0, editedAt: null, deletedAt: null }
  return { id: `m${n}`, roomId: 'cellar', n, changed: n, authorId: 'bob', body: `d1 ${n} 🙂`, replyTo: null, names: {}, ...times }
}

function change(seq: number, ...rows: number[]) {
  return { t: 'change' as const, topic: 'room:cellar', prev: seq - 1, seq, rows: { message: rows.map(message) } }
}

test('lines are read whole, however long they are', () => {
  const path = join(folder, 'lines')
  const lines = Array.from({ length: 12 }, (_, at) => `${at}${'🙂'.repeat(at % 3 === 0 ? LINE_CHARS : at)}`)
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  expect([...linesIn<string>(path)]).toEqual(lines)
})

test('[P1] a frame is kept once for all who are told it, and what it says is found by its number', () => {
  const book = new FrameBook(folder)
  const texts = [change(1, 1), change(2, 1, 2), change(1, 1)].map((frame) => JSON.stringify(frame))
  expect(texts.map((text) => book.take(text).number)).toEqual([0, 1, 0])
  book.flush()
  const frames = framesIn(folder)
  expect(frames).toEqual([toldBy(change(1, 1)), toldBy(change(2, 1, 2))])
  expect(frames[0]!.rows[0]).toBe(frames[1]!.rows[0])
})

test('a frame that comes again after many others has another number, and says the same', () => {
  const book = new FrameBook(folder)
  const first = JSON.stringify(change(1, 1))
  book.take(first)
  for (let seq = 2; seq <= DISTINCT; seq++) book.take(JSON.stringify(change(seq)))
  const { number } = book.take(first)
  book.flush()
  expect(number).toBe(DISTINCT)
  expect(framesIn(folder)[number]).toEqual(toldBy(change(1, 1)))
})

test('a journal says when, before what came much later', () => {
  let now = 0
  const path = join(folder, 'd1.jsonl')
  const journal = new Journal(path, () => now)
  journal.note(1)
  journal.note(2)
  now = 100
  journal.note(3)
  journal.note({ is: 'closed', code: 1006 })
  journal.flush()
  expect([...linesIn<Event>(path)]).toEqual([{ is: 'at', ms: 0 }, 1, 2, { is: 'at', ms: 100 }, 3, { is: 'closed', code: 1006 }])
})
