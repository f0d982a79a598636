import { describe, expect, test } from 'vitest'
import type { Notification } from '@belfry/protocol/rows.ts'
import { isLong } from '#inbox/long-text.ts'
import { withOpened } from '#inbox/opened.ts'
import { callsOut, shownBySystem } from '#inbox/ringing.ts'

function notification(id: string, more: Partial<Notification> = {}): Notification {
  return { id, title: id, body: null, priority: 'normal', readAt: null, archivedAt: null, createdAt: 1, ...more } as Notification
}

const read = (id: string) => notification(id, { readAt: 2 })
const ids = (rows: readonly Notification[]) => rows.map(({ id }) => id)

describe('what one opens in the unread list stays there while one reads', () => {
  const [a, b, c] = [notification('a'), notification('b'), notification('c')]

  test('in its place, as it stands now', () => {
    const shown = withOpened([c, a], [b], { items: [c, read('b'), a], more: false })
    expect(ids(shown)).toEqual(['c', 'b', 'a'])
    expect(shown[1]!.readAt).toBe(2)
  })

  test('made unread again, it stands there once', () => {
    expect(ids(withOpened([c, b, a], [b], { items: [c, b, a], more: false }))).toEqual(['c', 'b', 'a'])
  })

  test('archived or deleted, it goes', () => {
    expect(ids(withOpened([c, a], [b], { items: [c, a], more: false }))).toEqual(['c', 'a'])
    expect(ids(withOpened([c, a], [b], { items: [c, a], more: true }))).toEqual(['c', 'a'])
  })

  test('older than all that is loaded, it stays, read', () => {
    const shown = withOpened([c], [a], { items: [c, read('b')], more: true })
    expect(ids(shown)).toEqual(['c', 'a'])
    expect(shown[1]!.readAt).not.toBeNull()
  })

  test('with nothing opened the list is the list', () => {
    const unread = [c, a]
    expect(withOpened(unread, [], { items: [], more: false })).toBe(unread)
  })
})

describe('what may interrupt', () => {
  test('all but what is of low priority', () => {
    const priorities = ['low', 'normal', 'high', 'urgent'] as const
    expect(priorities.filter((priority) => callsOut(notification('a', { priority })))).toEqual(['normal', 'high', 'urgent'])
  })

  test('up to three are shown one by one, more as one line', () => {
    const three = ['a', 'b', 'c'].map((id) => notification(id))
    expect(shownBySystem(three)).toEqual({ is: 'each', rows: three })
    expect(shownBySystem([...three, notification('d', { priority: 'low' })])).toEqual({ is: 'each', rows: three })
    expect(shownBySystem([...three, notification('d')])).toEqual({ is: 'summary', title: '4 new notifications' })
  })
})

test.each([
  [null, false],
  ['short', false],
  ['two\nlines', true],
  ['x'.repeat(200), true],
])('a body of %j may need more than two lines: %s', (body, expected) => {
  expect(isLong(body)).toBe(expected)
})
