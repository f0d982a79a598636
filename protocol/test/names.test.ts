import { expect, test } from 'vitest'
import { NAMED_MAX } from '@belfry/protocol/limits.ts'
import { namesIn, namingsIn } from '@belfry/protocol/names.ts'

const KNOWN: Record<string, string> = { 'bob': '1', 'bob.carol': '2', 'Ada_': '3', 'åsa': '4', 'here': 'here' }

function named(text: string): Record<string, string> {
  return namesIn(text, (name) => KNOWN[name])
}

test('a name stands behind an @ that is no part of an address', () => {
  expect(named('hello @bob')).toEqual({ bob: '1' })
  expect(named('(@bob)')).toEqual({ bob: '1' })
  expect(named('@bob, @åsa and @Ada_!')).toEqual({ bob: '1', åsa: '4', Ada_: '3' })
  expect(named('write to alice@bob or x.@bob')).toEqual({})
  expect(named('@@bob')).toEqual({})
  expect(named('@nobody and @')).toEqual({})
  expect(named('@here, please')).toEqual({ here: 'here' })
})

test('the longest name counts, and a sentence may end behind it', () => {
  expect(named('@bob.carol.')).toEqual({ 'bob.carol': '2' })
  expect(named('@bob.')).toEqual({ bob: '1' })
  expect(named('@bob.and then')).toEqual({ bob: '1' })
  expect(named('@bob-')).toEqual({ bob: '1' })
})

test('it says where they stand, and takes no longer for a long one', () => {
  expect(namingsIn('a @b.c')).toEqual([{ at: 2, candidates: ['b.c', 'b'] }])
  expect(namingsIn(`@${'a.'.repeat(8_000)}`)[0]!.candidates.length).toBeLessThan(40)
})

test('so many names count as the bound says', () => {
  const text = Array.from({ length: NAMED_MAX + 5 }, (_, at) => `@n${at}`).join(' ')
  expect(Object.keys(namesIn(text, (name) => name))).toHaveLength(NAMED_MAX)
})

test('each name is looked up once', () => {
  const asked: string[] = []
  namesIn('@bob.carol and @ada.b', (name) => (asked.push(name), KNOWN[name]))
  expect(asked).toEqual(['bob.carol', 'ada.b', 'ada'])
})
