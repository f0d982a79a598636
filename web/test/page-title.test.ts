import { expect, test } from 'vitest'
import { pageTitle } from '#shell/page-title.ts'

test.each([
  ['General', { notifications: 0, messages: 0 }, 'General · Belfry'],
  ['General', { notifications: 3, messages: 9 }, '(3) General · Belfry'],
  ['General', { notifications: 0, messages: 9 }, '• General · Belfry'],
  ['Inbox', { notifications: 250, messages: 0 }, '(99+) Inbox · Belfry'],
  ['', { notifications: 0, messages: 0 }, 'Belfry'],
])('%s with %o waiting is titled %s', (place, waiting, expected) => {
  expect(pageTitle(place, waiting)).toBe(expected)
})
