import { describe, expect, test } from 'vitest'
import { ConnectionLost, RefusalError } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { generatePassword } from '#admin/generate-password.ts'
import { endWords, type Invitation, invitationLink, leadsWords, usesWords, whomWords } from '#admin/invitation-words.ts'
import { type Account, newestChange, withNews } from '#admin/live-people.ts'
import { failureWords, fieldMistakes, recipientsIn, storedWords } from '#admin/notify-words.ts'
import { devicesWords, stateWords, totalWords, whereWords } from '#admin/person-words.ts'
import { exampleRequest } from '#admin/scopes.ts'
import { bytesWords, spanWords } from '#admin/server-words.ts'

const BOB: Account = {
  id: 'bob-id',
  changed: 5,
  username: 'bob',
  name: 'Bob',
  role: 'member',
  picture: null,
  importedFrom: null,
  createdAt: 1,
  disabledAt: null,
  canSignIn: true,
  sessions: 2,
}

function told(own: Partial<User>): ReadonlyMap<string, User> {
  const { canSignIn: _, sessions: __, ...profile } = BOB
  return new Map([[BOB.id, { ...profile, ...own }]])
}

describe('a page of accounts follows what happens to them', () => {
  test('a change that was told later is shown; what only the page says stays', () => {
    expect(withNews([BOB], told({ changed: 6, name: 'Robert', role: 'admin' }))).toEqual([
      { ...BOB, changed: 6, name: 'Robert', role: 'admin' },
    ])
  })

  test('a profile as old as the page, or older, changes nothing', () => {
    for (const changed of [4, 5]) expect(withNews([BOB], told({ changed, name: 'Of old' }))).toEqual([BOB])
  })

  test('who is disabled is signed in nowhere; who is enabled may sign in again', () => {
    const [disabled] = withNews([BOB], told({ changed: 6, disabledAt: 9 }))
    expect(disabled).toMatchObject({ canSignIn: false, sessions: 0 })
    expect(withNews([disabled!], told({ changed: 7 }))[0]).toMatchObject({ canSignIn: true, disabledAt: null })
  })

  test('the newest change tells whether to ask again', () => {
    expect(newestChange(new Map())).toBe(0)
    expect(newestChange(new Map([...told({ changed: 7 }), ['other', { ...BOB, changed: 3 }]]))).toBe(7)
  })
})

describe('an account in words', () => {
  test.each([
    [{}, null],
    [{ disabledAt: 1, canSignIn: false }, 'Disabled'],
    [{ canSignIn: false }, 'No password yet'],
    [{ canSignIn: false, importedFrom: 'irc' }, 'Imported from irc'],
  ])('%j: %s', (own, expected) => {
    expect(stateWords({ ...BOB, ...own })).toBe(expected)
  })

  test.each([
    [0, 'signed in nowhere'],
    [1, '1 device'],
    [3, '3 devices'],
  ])('%d: %s', (sessions, expected) => {
    expect(devicesWords(sessions)).toBe(expected)
  })

  test('where in the list one is', () => {
    expect(whereWords({ index: 1, size: 50, shown: 12, total: 62 })).toBe('51–62 of 62')
    expect(whereWords({ index: 20, size: 50, shown: 50, total: 15_736 }, 'en-GB')).toBe('1,001–1,050 of 15,736')
    expect(totalWords({ total: 15_736, query: 'ali' }, 'en-GB')).toBe('15,736 accounts for “ali”')
    expect(totalWords({ total: 1, query: '' }, 'en-GB')).toBe('1 account')
  })
})

describe('a generated password', () => {
  test('is four groups that read well, from fair letters', () => {
    const bytes = [255, 0, 248, 30, 31, 1]
    let at = 0
    const password = generatePassword((into) => void (into[0] = bytes[at++ % bytes.length]!))
    // 248 and above would favour the first letters and are thrown again.
    expect(password).toBe('a9ab-a9ab-a9ab-a9ab')
  })

  test('is another one each time', () => {
    const made = new Set(Array.from({ length: 200 }, () => generatePassword()))
    expect(made.size).toBe(200)
    for (const password of made) expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/)
  })
})

describe('an invitation in words', () => {
  const invitation = { uses: 0, usesMax: 5, expiresAt: 1000, revokedAt: null } as Invitation

  test('whom it lets in, and how often it did', () => {
    expect([1, 5, null].map(whomWords)).toEqual(['For one person', 'For 5 people', 'For any number of people'])
    expect([0, 1, 7].map(usesWords)).toEqual(['not used yet', 'used once', 'used 7 times'])
  })

  test('where it leads', () => {
    expect(leadsWords({ role: 'member', rooms: [], moreRooms: 0 }, [])).toBeNull()
    expect(leadsWords({ role: 'member', rooms: ['a', 'b'], moreRooms: 0 }, ['Attic', 'Barn'])).toBe('also in Attic and Barn')
    expect(leadsWords({ role: 'guest', rooms: ['a'], moreRooms: 1 }, ['Attic'])).toBe('as guests, in Attic and a room you are not in')
    expect(leadsWords({ role: 'guest', rooms: [], moreRooms: 2 }, [])).toBe('as guests, in 2 rooms you are not in')
    expect(leadsWords({ role: 'guest', rooms: [], moreRooms: 0 }, [])).toBe('as guests, in no room any more')
  })

  test.each([
    [{}, null],
    [{ expiresAt: 500 }, 'Expired'],
    [{ expiresAt: null }, null],
    [{ uses: 5 }, 'Used up'],
    [{ revokedAt: 400, uses: 5, expiresAt: 1 }, 'Revoked'],
  ])('%j: %s', (own, expected) => {
    expect(endWords({ ...invitation, ...own }, 500)).toBe(expected)
  })

  test('its link keeps the secret out of every request', () => {
    const link = new URL(invitationLink('https://chat.example.com', 's3cret'))
    expect([link.pathname, link.search, link.hash]).toEqual(['/welcome', '', '#s3cret'])
  })
})

describe('ringing a bell by hand', () => {
  test('recipients with commas or on lines of their own, each once', () => {
    expect(recipientsIn(' prachi, aman\n0197-id ;prachi,, ')).toEqual(['prachi', 'aman', '0197-id'])
    expect(recipientsIn(' ')).toEqual([])
  })

  test('what happened names everybody', () => {
    expect(storedWords(['prachi'])).toBe('Stored for prachi.')
    expect(storedWords(['prachi', 'aman', 'bob'])).toBe('Stored for prachi, aman and bob.')
    const quiet = 'Stored for prachi and aman. It does not ring now for aman, who chose not to be disturbed.'
    expect(storedWords(['prachi', 'aman'], ['aman'])).toBe(quiet)
  })

  test('what got no answer may be sent again, and rings once', () => {
    expect(failureWords(new ConnectionLost('Broken.', { wasSent: true }))).toMatch(/Send it again: it rings once\.$/)
    expect(failureWords(new ConnectionLost())).toMatch(/^The server cannot be reached\./)
  })

  test('what the server says against a field stands at the field', () => {
    const unknown = new RefusalError({ code: 'unknown-recipient', detail: 'Nobody is called nemo.', errors: [{ at: 'to.0', detail: 'x' }] })
    expect(fieldMistakes(unknown)).toEqual({ to: 'Nobody is called nemo.' })
    const malformed = new RefusalError({ code: 'malformed', detail: 'x', errors: [{ at: 'url', detail: 'must be an address' }] })
    expect(fieldMistakes(malformed)).toEqual({ url: 'This must be an address.' })
    expect(fieldMistakes(new RefusalError({ code: 'busy', detail: 'Later.' }))).toEqual({})
  })
})

test('the example of a key is a request that a shell understands', () => {
  const request = exampleRequest('https://chat.example.com', 'k3y')
  expect(request).toContain("curl https://chat.example.com/api/v1/notifications \\\n  -H 'Authorization: Bearer k3y'")
  expect(JSON.parse(/-d '(.*)'/.exec(request)![1]!)).toHaveProperty('to')
})

describe('figures of the server', () => {
  test.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [123_456_789, '123.5 MB'],
    [1_260_000, '1.3 MB'],
    [5_000_000_000_000_000, '5,000 TB'],
  ])('%d: %s', (bytes, expected) => {
    expect(bytesWords(bytes, 'en-GB')).toBe(expected)
  })

  test.each([
    [30_000, 'less than a minute'],
    [60_000, '1 minute'],
    [3 * 3_600_000 + 5, '3 hours'],
    [50 * 3_600_000, '2 days'],
  ])('%d ms: %s', (ms, expected) => {
    expect(spanWords(ms)).toBe(expected)
  })
})
