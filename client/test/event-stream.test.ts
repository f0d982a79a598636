import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventStream } from '#event-stream.ts'

/** What is heard of a text that comes in these pieces. */
function heard(...pieces: string[]): string[] {
  const events: string[] = []
  const stream = new EventStream((data) => void events.push(data))
  for (const piece of pieces) stream.take(piece)
  return events
}

test.each([
  ['an event', 'data: one\n\n', ['one']],
  ['several', 'data: one\n\ndata: two\n\n', ['one', 'two']],
  ['data in several lines', 'data: one\ndata: two\n\n', ['one\ntwo']],
  ['no space, or more than one', 'data:one\n\ndata:  two\n\n', ['one', ' two']],
  ['colons in the data', 'data: {"a":"b: c"}\n\n', ['{"a":"b: c"}']],
  ['a field without a colon', 'data\n\n', ['']],
  ['comments', ':\n\n: still here\ndata: one\n\n', ['one']],
  ['other fields', 'id: e:1\nevent: change\nretry: 5\ndatum: no\ndata: one\n\n', ['one']],
  ['an event without data', 'id: e:1\n\ndata: one\n\n', ['one']],
  ['blank lines', '\n\n\ndata: one\n\n\n\n', ['one']],
  ['carriage returns', 'data: one\r\rdata: two\r\n\r\n', ['one', 'two']],
  ['an event that is not over', 'data: one\n\ndata: two\n', ['one']],
])('%s', (_, text, events) => {
  expect(heard(text)).toEqual(events)
})

test('chunks may end anywhere, also between a carriage return and its line feed', () => {
  const datum = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, ' '))
  const ending = fc.constantFrom('\n', '\r\n', '\r')
  const noise = fc.constantFrom('', ':', ': comment', 'id: e:1', 'event: x')
  const event = fc.tuple(fc.array(datum, { minLength: 1, maxLength: 3 }), noise)
  fc.assert(
    fc.property(fc.array(event), ending, fc.infiniteStream(fc.nat({ max: 7 })), (events, ending, sizes) => {
      const lines = events.flatMap(([data, noise]) => [...(noise ? [noise] : []), ...data.map((line) => `data: ${line}`), ''])
      const text = lines.map((line) => line + ending).join('')
      const pieces: string[] = []
      for (let at = 0; at < text.length; at += pieces.at(-1)!.length || 1) pieces.push(text.slice(at, at + 1 + sizes.next().value!))
      expect(heard(...pieces)).toEqual(events.map(([data]) => data.join('\n')))
      expect(heard(...pieces.flatMap((piece) => ['', piece, '']))).toEqual(events.map(([data]) => data.join('\n')))
    }),
  )
})
