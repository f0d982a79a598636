import { expect, test } from 'vitest'
import { pageIcon } from '#shell/page-icon.ts'
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

test('the icon says quietly that rooms have something new, and counts what is for oneself', () => {
  expect(pageIcon({ notifications: 0, messages: 0 })).toBe('/favicon.svg')
  expect(pageIcon({ notifications: 0, messages: 9 })).toBe('/favicon-unread.svg')
  const said = (notifications: number) => />([^<>]+)<\/text>/.exec(decodeURIComponent(pageIcon({ notifications, messages: 9 })))?.[1]
  expect([1, 9, 10, 250].map(said)).toEqual(['1', '9', '9+', '9+'])
})
