import { describe, expect, test } from 'vitest'
import { safeNextPath, signInPath } from '#account/next-path.ts'
import { roomPathIn } from '#account/paths.ts'
import { linkTarget } from '#inbox/link-target.ts'

describe('after signing in one lands on the page that was asked for', () => {
  test.each(['/inbox', '/rooms/den', '/inbox#top'])('%s', (path) => {
    expect(safeNextPath(path)).toBe(path)
    expect(safeNextPath(new URLSearchParams(signInPath(path).split('?')[1]).get('next'))).toBe(path)
  })

  test.each([
    null,
    '',
    '/',
    'inbox',
    '//example.com',
    '/\\example.com',
    '/a\\b',
    '\\\\example.com',
    'https://example.com/',
    'javascript:alert(1)',
    '/\t/example.com',
    '/\n/example.com',
    '/.//example.com',
    '/x/..//example.com',
    '/sign-in?next=/chat',
    '/welcome',
  ])('%j leads to the room instead', (asked) => {
    expect(safeNextPath(asked)).toBe('/rooms/general')
  })

  test('the room needs no mention', () => {
    expect(signInPath('/rooms/general')).toBe('/sign-in')
  })
})

describe('where a notification leads', () => {
  const ORIGIN = 'https://belfry.example'

  test.each([
    ['/chat', { is: 'page', path: '/chat' }],
    ['/inbox?a=1#b', { is: 'page', path: '/inbox?a=1#b' }],
    ['https://belfry.example/chat', { is: 'page', path: '/chat' }],
    ['https://example.com/x', { is: 'elsewhere', href: 'https://example.com/x' }],
    ['http://belfry.example/chat', { is: 'elsewhere', href: 'http://belfry.example/chat' }],
    ['//example.com', null],
    ['/\\example.com', null],
    ['/.//example.com', null],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['chat', null],
    ['', null],
    [null, null],
  ])('%s', (address, expected) => {
    expect(linkTarget(address, ORIGIN)).toEqual(expected)
  })
})

test('an address in a message leads to a room of this server, and to nothing else of it, within the page', () => {
  const within = (address: string) => roomPathIn(address, 'https://chat.example.com')
  expect(within('https://chat.example.com/rooms/den/0192')).toBe('/rooms/den/0192')
  for (const address of [
    'https://chat.example.com/api/v1/rooms',
    'https://chat.example.com/rooms',
    'https://chat.example.com/rooms/',
    'https://chat.example.com/rooms//',
    'https://chat.example.com/rooms/den/0192/more',
    'https://chat.example.com/account',
    'https://chat.example.com:8080/rooms/den',
    'http://chat.example.com/rooms/den',
    'https://example.com/rooms/den',
  ])
    expect(within(address)).toBeNull()
})
