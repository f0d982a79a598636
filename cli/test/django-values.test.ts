import { afterEach, expect, test, vi } from 'vitest'
import { fold } from '@belfry/server/lib/fold.ts'
import { messageBodies, shortened, titleAndBody } from '#import/bounds.ts'
import { distinctNames, timeOf } from '#import/django-values.ts'
import { lastingId } from '#import/lasting-id.ts'
import { newId } from '@belfry/protocol/text.ts'
import { uuidTime } from '@belfry/protocol/uuid.ts'

afterEach(() => void vi.unstubAllEnvs())

test('times are UTC wherever this machine stands, unless they say otherwise', () => {
  vi.stubEnv('TZ', 'Pacific/Auckland')
  expect(timeOf('2011-04-28 06:24:01.001999')).toBe(Date.UTC(2011, 3, 28, 6, 24, 1, 1))
  expect(timeOf('2011-04-28T06:24:01Z')).toBe(Date.UTC(2011, 3, 28, 6, 24, 1))
  expect(timeOf('2011-04-28 06:24:01+02:00')).toBe(Date.UTC(2011, 3, 28, 4, 24, 1))
  expect(timeOf('2011-04-28')).toBe(Date.UTC(2011, 3, 28))
  for (const none of [null, '', 'yesterday', '2011-13-28 06:24:01', '1969-12-31 23:59:59', 1_303_971_840, '2011-04-28 06:24:01; DROP']) {
    expect(timeOf(none)).toBeNull()
  }
})

test.each([
  ['a short one', 'hello', 1],
  ['the longest', 'x'.repeat(16_000), 1],
  ['one more', 'x'.repeat(16_001), 2],
  ['words', 'some words '.repeat(4_000), 3],
  ['lines', `${'x'.repeat(15_000)}\n${'y'.repeat(2_000)}`, 2],
  ['pairs of surrogates', '🦉'.repeat(8_001), 2],
  ['pairs that would be cut', `x${'🦉'.repeat(8_001)}`, 2],
])('a message is split without a loss, and never inside a character: %s', (_, text, parts) => {
  const bodies = messageBodies(text)
  expect(bodies).toHaveLength(parts)
  expect(bodies.join('')).toBe(text)
  for (const body of bodies) expect([body.length <= 16_000, body.isWellFormed()]).toEqual([true, true])
})

test('a long notification begins in its title and stands whole in its body', () => {
  const begun = (text: string) => titleAndBody({ title: null, text })
  expect(begun('x'.repeat(200))).toEqual({ title: 'x'.repeat(200), body: null })
  const words = 'some words '.repeat(30)
  expect(begun(words)).toEqual({ title: `${'some words '.repeat(18).trimEnd()}…`, body: words })
  expect(begun('🦉'.repeat(200)).title).toBe(`${'🦉'.repeat(99)}…`)
})

test('so does a long title of its own, before the text', () => {
  expect(titleAndBody({ title: 'Export', text: 'It is ready' })).toEqual({ title: 'Export', body: 'It is ready' })
  const title = 'some words '.repeat(30)
  expect(titleAndBody({ title, text: 'It is ready' })).toEqual({
    title: `${'some words '.repeat(18).trimEnd()}…`,
    body: `${title}\n\nIt is ready`,
  })
})

test('what has more than may be shown ends in an ellipsis, within the bound', () => {
  expect(shortened('x'.repeat(4_000), 4_000)).toBe('x'.repeat(4_000))
  expect(shortened('x'.repeat(4_001), 4_000)).toBe(`${'x'.repeat(3_999)}…`)
})

test('of names that are one here, the first stays and no number is given twice', () => {
  const distinct = (...names: string[]) => distinctNames(names, fold)
  expect(distinct('bob', 'alice', 'Alice', 'ALICE')).toEqual(['bob', 'alice', 'Alice-2', 'ALICE-3'])
  expect(distinct('alice', 'Alice', 'alice-2')).toEqual(['alice', 'Alice-3', 'alice-2'])
})

test('a lasting id is a UUIDv7 of the thing’s own time, the same each time, and another for anything else', () => {
  const time = Date.UTC(2011, 3, 28)
  const id = lastingId(time, 'irc', 'room', 'alice', 1)
  expect(newId.safeParse(id).success).toBe(true)
  expect(uuidTime(id)).toBe(time)
  expect(lastingId(time, 'irc', 'room', 'alice', 1)).toBe(id)
  const others = [
    lastingId(time, 'irc', 'room', 'alice', 2),
    lastingId(time, 'irc', 'rooma', 'lice', 1),
    lastingId(time + 1, 'irc', 'room', 'alice', 1),
  ]
  expect(new Set([id, ...others]).size).toBe(4)
})
