import { commands } from '@belfry/protocol/commands.ts'
import { expect, test } from 'vitest'
import { readConfig } from '#config.ts'
import { issueWords } from '#lib/issue-words.ts'

function wordsAbout(input: object): string[] {
  const { error } = commands['notification.publish'].input.safeParse(input)
  return error!.issues.map((issue) => `${issue.path.join('.')} ${issueWords(issue)}`)
}

test.each([
  [{ to: 'prachi' }, 'title must be a string'],
  [{ to: 'prachi', title: ' ' }, 'title must not be blank'],
  [{ to: 'prachi', title: 'x'.repeat(201) }, 'title must be at most 200 characters'],
  [{ to: 'prachi', title: 'x', priority: 'huge' }, 'priority must be one of low, normal, high, urgent'],
  [{ to: 'prachi', title: 'x', url: 'javascript:alert(1)' }, 'url must be an http(s) address or a path that begins with one /'],
  [{ to: 7, title: 'x' }, 'to has no form that is understood'],
])('%o is refused in words: %s', (input, words) => {
  expect(wordsAbout(input)).toEqual([words])
})

test.each([
  ['8c5f5d0e-6f1e-4b62-9d0a-0f6c5b1f9a11', 'must be a UUIDv7'],
  ['first', 'must be a UUIDv7'],
  ['01A22C05-E3B1-7788-84F9-54AC1858EEDA', 'must be in lower case'],
])('%j, for what is new, is refused in words: %s', (id, words) => {
  const { error } = commands['message.post'].input.safeParse({ roomId: 'general', id, body: 'hello' })
  expect(issueWords(error!.issues[0]!)).toBe(words)
})

test.each(['\u3164', '\u115f\u1160', 'bob\u3164', 'bob.', '.bob', 'bo b'])('the user name %j is refused', (username) => {
  const { error } = commands['user.create'].input.safeParse({ username, password: 'correct horse' })
  expect(error!.issues.map(issueWords)).toEqual([
    'must begin with a letter or digit, end with one or with _, and hold nothing but visible letters, digits and . _ - @ +',
  ])
})

test('what must hold something is not spoken of in numbers', () => {
  const { error } = commands['direct.open'].input.safeParse({ people: [] })
  expect(issueWords(error!.issues[0]!)).toBe('must not be empty')
})

test.each([
  [{ HANDSHAKES_PER_SECOND: '0' }, 'HANDSHAKES_PER_SECOND=0 is not valid: it must be more than 0.'],
  [{ HANDSHAKES_PER_SECOND: '1.5' }, 'HANDSHAKES_PER_SECOND=1.5 is not valid: it must be a whole number.'],
  [{ PORT: '-1' }, 'PORT=-1 is not valid: it must be at least 0.'],
  [{ REDIS_URL: 'http://x' }, 'REDIS_URL is not valid: it must be an address that begins with redis:// or, for TLS, rediss://.'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL is not valid: it must be an address that begins with postgres:// or postgresql://.'],
  [{ BASE_URL: 'chat' }, 'BASE_URL=chat is not valid: it must be an address that begins with https:// or http://.'],
])('of the settings %o is refused: %s', (settings, words) => {
  expect(() => readConfig(settings)).toThrow(`The setting ${words}`)
})

test('all settings that are not valid are named at once', () => {
  const words = 'The setting PORT=x is not valid: it must be a number. The setting WEB=maybe is not valid: it must be one of on, off.'
  expect(() => readConfig({ PORT: 'x', WEB: 'maybe' })).toThrow(words)
})
