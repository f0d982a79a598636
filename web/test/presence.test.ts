import { describe, expect, test } from 'vitest'
import { quietTimes, untilWords } from '#account/quiet-times.ts'
import { typingWords } from '#room/typing-words.ts'
import { IDLE_AFTER_MS, Idleness } from '#shell/idleness.ts'

const HOUR_MS = 60 * 60_000

function at(day: number, hour: number, minute = 0): number {
  return new Date(2026, 10, day, hour, minute).getTime()
}

describe('whether somebody uses a device', () => {
  function device() {
    const told: boolean[] = []
    const time = { now: 0, due: null as { at: number; run: () => void } | null, made: 0 }
    const after = (ms: number, run: () => void) => {
      time.due = { at: time.now + ms, run }
      time.made += 1
      return () => void (time.due = null)
    }
    const idleness = new Idleness({ now: () => time.now, after }, (isIdle) => told.push(isIdle))
    const passes = (ms: number) => {
      time.now += ms
      const { due } = time
      if (due && due.at <= time.now) {
        time.due = null
        due.run()
      }
    }
    return { told, time, idleness, passes }
  }

  test('is idle five minutes after the last act, and in use with the next', () => {
    const { told, idleness, passes } = device()
    passes(IDLE_AFTER_MS - 1)
    idleness.acted()
    passes(1)
    passes(IDLE_AFTER_MS - 2)
    expect(told).toEqual([])
    passes(1)
    expect(told).toEqual([true])
    idleness.acted()
    idleness.acted()
    expect(told).toEqual([true, false])
    passes(IDLE_AFTER_MS)
    expect(told).toEqual([true, false, true])
  })

  test('many acts cost one timer', () => {
    const { time, idleness } = device()
    for (let times = 0; times < 100; times++) idleness.acted()
    expect(time.made).toBe(1)
    idleness.close()
    expect(time.due).toBeNull()
  })
})

describe('for how long one may choose not to be disturbed', () => {
  test('half an hour, an hour, and until eight of the next day', () => {
    const now = at(28, 22, 15)
    expect(quietTimes(now, 'en-GB')).toEqual([
      { label: 'For 30 minutes', forMs: HOUR_MS / 2 },
      { label: 'For 1 hour', forMs: HOUR_MS },
      { label: 'Until tomorrow, 08:00', forMs: at(29, 8) - now },
    ])
    expect(quietTimes(at(30, 1), 'en-GB')[2]!.forMs).toBe(new Date(2026, 11, 1, 8).getTime() - at(30, 1))
  })

  test('until when is said with its day where that is not today', () => {
    expect(untilWords(at(28, 14, 30), at(28, 14), 'en-GB')).toBe('until 14:30')
    expect(untilWords(at(29, 8), at(28, 22), 'en-GB')).toBe('until 29 Nov, 08:00')
  })
})

test('who types, in a few words', () => {
  expect(typingWords([])).toBe('')
  expect(typingWords(['bob'])).toBe('bob is typing…')
  expect(typingWords([null])).toBe('Someone is typing…')
  expect(typingWords(['bob', 'carol'])).toBe('bob and carol are typing…')
  expect(typingWords(['bob', 'carol', 'aman'])).toBe('Several people are typing…')
})
