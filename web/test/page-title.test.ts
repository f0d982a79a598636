import { expect, test } from 'vitest'
import { pageTitle } from '#shell/page-title.ts'

test.each([
  ['General', 0, 'General · Belfry'],
  ['General', 3, '(3) General · Belfry'],
  ['Inbox', 250, '(99+) Inbox · Belfry'],
  ['', 0, 'Belfry'],
])('%s with %d unread is titled %s', (place, unread, expected) => {
  expect(pageTitle(place, unread)).toBe(expected)
})
