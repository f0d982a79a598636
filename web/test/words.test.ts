import { describe, expect, test } from 'vitest'
import { ConnectionLost, RefusalError } from '@belfry/client/belfry.ts'
import { lookedWords, refusalWords } from '#account/refusal-words.ts'
import { mistakesIn } from '#account/sign-up-mistakes.ts'
import { isComposing, lengthOf, sendable, sends } from '#room/message-body.ts'
import { connectionWords } from '#shell/connection-words.ts'
import { countWords } from '#shell/count-words.ts'
import { MESSAGE_MAX_CHARS } from '@belfry/protocol/limits.ts'

describe('the count of what is unread', () => {
  test.each([
    [0, '0'],
    [99, '99'],
    [100, '99+'],
  ])('%d is shown as %s', (count, expected) => {
    expect(countWords(count)).toBe(expected)
  })
})

const NOON = new Date(2026, 10, 20, 12).getTime()
const DAY = 24 * 60 * 60 * 1000

describe('the connection bar tells the truth', () => {
  const told = (state: Parameters<typeof connectionWords>[0], unsent = 0, since: number | null = null) =>
    connectionWords(state, { unsent, now: NOON, since })

  test('nothing while all is well', () => {
    expect(told({ is: 'online', by: 'socket' })).toBeNull()
  })

  test('offline, with what waits', () => {
    expect(told({ is: 'waiting', retryAt: NOON + 4000, network: 'down' }, 2)).toEqual({
      text: 'Offline. 2 messages will be sent when you are back.',
    })
  })

  test('lost, with the seconds and something to do', () => {
    expect(told({ is: 'waiting', retryAt: NOON + 4000, network: 'up' })).toEqual({
      text: 'Connection lost.',
      countdown: 'Trying again in 4 s.',
      action: 'try-now',
    })
  })

  test('a page that shows what this browser keeps, while it connects', () => {
    expect(told({ is: 'connecting' })).toEqual({ text: 'Connecting…' })
  })

  test('after a minute, since when', () => {
    const down = { is: 'waiting', retryAt: NOON, network: 'down' } as const
    expect(told(down, 0, NOON - 59_000)?.text).toBe('Offline.')
    expect(told(down, 0, NOON - 60_000)?.text).toMatch(/^Offline since 11:59( AM)?\.$/)
    expect(told({ ...down, network: 'up' }, 1, NOON - 3 * DAY)?.text).toMatch(
      /^No connection since (17 Nov|Nov 17), 12:00( PM)?\. 1 message will be sent when you are back\.$/,
    )
  })

  test('one message is one message', () => {
    expect(told({ is: 'reconnecting' }, 1)?.text).toBe('Connecting again… 1 message will be sent when you are back.')
  })

  test.each(['outdated', 'protocol', 'replaced'] as const)('%s: reload', (reason) => {
    expect(told({ is: 'ended', reason })?.action).toBe('reload')
  })
})

describe('a deed that failed', () => {
  const unsent = new ConnectionLost()
  const unanswered = new ConnectionLost('The connection broke.', { wasSent: true })

  test('was not done where it was not sent; where the answer was lost it may have been', () => {
    expect(refusalWords(unsent)).toMatch(/^The server cannot be reached\./)
    expect(refusalWords(unanswered)).toMatch(/It may have been done all the same: look before you try again\.$/)
  })

  test('is refused in the server’s words', () => {
    expect(refusalWords(new RefusalError({ code: 'forbidden', detail: 'Not here' }))).toBe('Not here.')
  })

  test('who only looked may look again', () => {
    for (const error of [unsent, unanswered]) expect(lookedWords(error)).toMatch(/^The server cannot be reached\./)
  })
})

describe('what is written', () => {
  test('is sent without blank lines around it, its indentation kept', () => {
    expect(sendable('\n  \n  a\n\nb  \n')).toBe('  a\n\nb')
  })

  test('is sent without what no database stores', () => {
    expect(sendable('a\u0000b\ud800')).toBe('ab\ufffd')
  })

  test('blank text is not sent', () => {
    expect(lengthOf(' \n ')).toEqual({ isSendable: false, warning: null })
    expect(lengthOf('\u200b \u2800')).toEqual({ isSendable: false, warning: null })
  })

  test('is counted near the limit and refused beyond it', () => {
    expect(lengthOf('x'.repeat(MESSAGE_MAX_CHARS - 1000))).toEqual({ isSendable: true, warning: null })
    expect(lengthOf('x'.repeat(MESSAGE_MAX_CHARS))).toEqual({ isSendable: true, warning: '0 characters left' })
    expect(lengthOf('x'.repeat(MESSAGE_MAX_CHARS + 1))).toEqual({ isSendable: false, warning: '1 character too many' })
  })

  test('Enter sends where there are keys, and breaks the line where there is glass', () => {
    const enter = { key: 'Enter', shiftKey: false, nativeEvent: {} }
    expect(sends(enter, { isFinger: false })).toBe(true)
    expect(sends({ ...enter, shiftKey: true }, { isFinger: false })).toBe(false)
    expect(sends(enter, { isFinger: true })).toBe(false)
    expect(sends({ ...enter, nativeEvent: { isComposing: true } }, { isFinger: false })).toBe(false)
  })

  test('Enter belongs to an input method that composes', () => {
    expect(isComposing({ nativeEvent: { isComposing: true, keyCode: 13 } })).toBe(true)
    expect(isComposing({ nativeEvent: { isComposing: false, keyCode: 229 } })).toBe(true)
    expect(isComposing({ nativeEvent: { isComposing: false, keyCode: 13 } })).toBe(false)
  })
})

describe('signing up', () => {
  test.each([
    ['alice', 'long enough', []],
    ['', 'long enough', ['username']],
    ['a b', 'long enough', ['username']],
    ['.alice', 'long enough', ['username']],
    ['alice\u3164', 'long enough', ['username']],
    ['alice', 'short', ['password']],
    ['', '', ['username', 'password']],
  ])('%j with %j', (username, password, expected) => {
    expect(Object.keys(mistakesIn({ username, name: '', password }))).toEqual(expected)
  })
})
