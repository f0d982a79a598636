import { describe, expect, test } from 'vitest'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import {
  changedAboveAlone,
  concerns,
  GROUP_WITHIN_MS,
  isOpenToChange,
  newestNumber,
  rowNear,
  timelineRows,
  withFormerRows,
} from '#room/timeline.ts'

const NOON = new Date(2026, 10, 22, 12).getTime()
const DAY_MS = 24 * 60 * 60_000

function message(n: number, { by = 'bob', at = NOON }: { by?: string; at?: number } = {}): TimelineItem {
  const text = { body: `${n}`, replyTo: null, names: {} }
  return { id: `m${n}`, n, authorId: by, ...text, createdAt: at, editedAt: null, changed: n, reactions: [], state: 'sent' }
}

/** '*' begins a group, '|' is a day's divider. */
function drawn(items: TimelineItem[], shape: Parameters<typeof timelineRows>[1] = { earlier: true }): string {
  return timelineRows(items, shape)
    .map((row) => (row.is === 'beginning' ? '^' : `${row.isFirst ? '*' : ''}${row.item.body}`) + (row.dayBelow === null ? '' : ' |'))
    .join(' ')
}

describe('groups', () => {
  test('messages of one author within five minutes stand together', () => {
    expect(drawn([message(1), message(2, { at: NOON + GROUP_WITHIN_MS - 1 }), message(3, { at: NOON + 2 * GROUP_WITHIN_MS })])).toBe(
      '*1 2 *3',
    )
  })

  test('another author begins a group', () => {
    expect(drawn([message(1), message(2, { by: 'carol' }), message(3)])).toBe('*1 *2 *3')
  })

  test('a clock that ran ahead does not tear a group apart', () => {
    expect(drawn([message(1, { at: NOON + 1000 }), message(2)])).toBe('*1 2')
  })

  test('a day begins a group, with its divider below the row before', () => {
    const midnight = new Date(2026, 10, 23).getTime()
    expect(drawn([message(1, { at: midnight - 1000 }), message(2, { at: midnight + 1000 })])).toBe('*1 | *2')
  })
})

describe('the top of the list', () => {
  test('the beginning of a room stands above its first day', () => {
    expect(drawn([message(1)], { earlier: false })).toBe('^ | *1')
    expect(drawn([], { earlier: false })).toBe('^')
  })

  test('what once stood on top looks the same when older ones come', () => {
    expect(drawn([message(1), message(2)], { earlier: true, seams: new Set(['m2']) })).toBe('*1 *2')
    expect(drawn([message(1, { at: NOON - DAY_MS }), message(2)], { earlier: true, seams: new Set(['m2']) })).toBe('*1 | *2')
  })
})

describe('the view keeps its distance from the end only while rows come or go above', () => {
  const rows = (...numbers: number[]) =>
    timelineRows(
      numbers.map((n) => message(n)),
      { earlier: true },
    )

  test.each([
    { what: 'an older page', before: rows(3, 4), now: rows(1, 2, 3, 4), expected: true },
    { what: 'a new message', before: rows(3, 4), now: rows(3, 4, 5), expected: false },
    { what: 'both at once', before: rows(3, 4), now: rows(2, 3, 4, 5), expected: false },
    { what: 'the oldest let go of', before: rows(1, 2, 3, 4), now: rows(3, 4), expected: true },
    { what: 'the newest let go of', before: rows(1, 2, 3, 4), now: rows(1, 2), expected: false },
    { what: 'a deletion between', before: rows(2, 3, 4), now: rows(2, 4), expected: false },
    { what: 'the first rows', before: rows(), now: rows(1, 2), expected: false },
    { what: 'none left', before: rows(1, 2), now: rows(), expected: false },
    { what: 'nothing', before: rows(3, 4), now: rows(3, 4), expected: false },
  ])('$what', ({ before, now, expected }) => {
    expect(changedAboveAlone(before, now)).toBe(expected)
  })

  test('the beginning of the room counts as a row', () => {
    expect(changedAboveAlone(rows(2, 3), timelineRows([message(1), message(2), message(3)], { earlier: false }))).toBe(true)
  })
})

describe('a row that looks as before is the same object', () => {
  const items = [message(1), message(2)]
  const before = timelineRows(items, { earlier: true })

  test('when a message joins below', () => {
    const now = withFormerRows(timelineRows([...items, message(3)], { earlier: true }), before)
    expect(now.map((row, at) => row === before[at])).toEqual([true, true, false])
  })

  test('but not when its message, its place in the group or the day below it is another', () => {
    const edited = { ...items[1]!, body: 'other' }
    expect(withFormerRows(timelineRows([items[0]!, edited], { earlier: true }), before)[1]).not.toBe(before[1])
    expect(withFormerRows(timelineRows([items[1]!], { earlier: true }), before)[0]).not.toBe(before[1])
    const nextDay = message(3, { at: NOON + DAY_MS })
    expect(withFormerRows(timelineRows([...items, nextDay], { earlier: true }), before)[1]).not.toBe(before[1])
  })
})

describe('what its author can change', () => {
  test.each([
    { what: 'a message', item: message(1), expected: true },
    { what: 'one that waits', item: { ...message(1), n: null, state: 'sending', wants: 'post' } as const, expected: true },
    { what: 'one that was refused', item: { ...message(1), n: null, state: 'failed', wants: 'post' } as const, expected: true },
    { what: 'a change under way', item: { ...message(1), state: 'sending', wants: 'edit' } as const, expected: false },
    { what: 'a deletion under way', item: { ...message(1), state: 'sending', wants: 'delete' } as const, expected: false },
  ])('$what: $expected', ({ item, expected }) => {
    expect(isOpenToChange(item)).toBe(expected)
  })

  test('the newest number is that of the newest the server has', () => {
    expect(newestNumber([message(1), message(2), { ...message(3), n: null }])).toBe(2)
    expect(newestNumber([])).toBe(0)
  })
})

describe('the row of a number', () => {
  const rows = timelineRows([message(2), message(5), { ...message(6), n: null }], { earlier: false })

  test.each([
    { what: 'its own', n: 5, expected: 'm5' },
    { what: 'the next one, where that message is gone', n: 3, expected: 'm5' },
    { what: 'the first, below all', n: 1, expected: 'm2' },
    { what: 'what waits, above all that is sent', n: 9, expected: 'm6' },
  ])('$what', ({ n, expected }) => {
    expect(rowNear(rows, n)?.key).toBe(expected)
  })

  test('there is none in an empty room', () => {
    expect(rowNear(timelineRows([], { earlier: false }), 1)).toBeNull()
  })
})

test.each([
  ['names one', { alice: 'alice' }, true],
  ['names everybody', { here: 'here' }, true],
  ['names somebody else', { carol: 'carol' }, false],
  ['names nobody', {}, false],
] as const)('a message that %s stands out, but for who wrote it', (_, names, isForAlice) => {
  expect(concerns({ ...message(1), names }, 'alice')).toBe(isForAlice)
  expect(concerns({ ...message(1), names }, 'bob')).toBe(false)
})
