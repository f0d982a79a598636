import { describe, expect, test } from 'vitest'
import { age } from '#inbox/age.ts'
import { clock, dayLabel, fullDate, localDay } from '#theme/times.ts'

const AT = new Date(2026, 10, 22, 9, 5).getTime()

describe('times in the reader’s language and time zone', () => {
  test('the hour and minute', () => {
    expect(clock(AT, 'en-GB')).toBe('09:05')
    expect(clock(AT, 'de-DE')).toBe('09:05')
    expect(clock(AT, 'en-US')).toMatch(/^9:05\sAM$/)
  })

  test('the full date, for hovering', () => {
    expect(fullDate(AT, 'en-GB')).toMatch(/^Sunday,? 22 November 2026 at 09:05$/)
  })

  test('a day, with its year where that is not this one', () => {
    expect(dayLabel(AT, AT, 'en-GB')).toMatch(/^Sunday,? 22 November$/)
    expect(dayLabel(AT, new Date(2027, 0, 1).getTime(), 'en-GB')).toMatch(/^Sunday,? 22 November 2026$/)
  })

  test('two times of one day are of one day', () => {
    expect(localDay(new Date(2026, 10, 22, 0, 0).getTime())).toBe(localDay(new Date(2026, 10, 22, 23, 59).getTime()))
    expect(localDay(new Date(2026, 10, 22, 23, 59).getTime())).not.toBe(localDay(new Date(2026, 10, 23, 0, 0).getTime()))
  })
})

describe('how long ago a notification came', () => {
  const MINUTE = 60_000
  test.each([
    [-5_000, 'now'],
    [59_000, 'now'],
    [MINUTE, '1 min'],
    [59 * MINUTE, '59 min'],
    [60 * MINUTE, '1 h'],
    [24 * 60 * MINUTE, '1 d'],
    [8 * 24 * 60 * MINUTE, '14 Nov'],
    [400 * 24 * 60 * MINUTE, '18 Oct 2025'],
  ])('%d ms: %s', (ms, expected) => {
    expect(age(AT - ms, AT, 'en-GB')).toBe(expected)
  })
})
