import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { namedPieces } from '#room/named-text.ts'
import { begunName, isWrittenOut, namesOfManyFor, withName } from '#room/naming.ts'

describe('a name that is being written', () => {
  test('stands right before the caret, behind an @ that is no part of an address', () => {
    expect(begunName('hello @bo', 9)).toEqual({ at: 6, query: 'bo' })
    expect(begunName('hello @', 7)).toEqual({ at: 6, query: '' })
    expect(begunName('hello @bo and on', 9)).toEqual({ at: 6, query: 'bo' })
    expect(begunName('hello @bo', 4)).toBeNull()
    expect(begunName('alice@bo', 8)).toBeNull()
    expect(begunName('@bo b', 5)).toBeNull()
  })

  test('is written out, with one space behind it', () => {
    expect(withName('hello @bo', { at: 6, query: 'bo' }, 'bob')).toEqual({ text: 'hello @bob ', caret: 11 })
    expect(withName('@bo and on', { at: 0, query: 'bo' }, 'bob')).toEqual({ text: '@bob and on', caret: 5 })
  })

  test('takes no key any more once the one that is offered is written out', () => {
    expect(isWrittenOut('bob', [{ name: 'bob' }])).toBe(true)
    expect(isWrittenOut('Here', [{ name: 'here' }])).toBe(true)
    expect(isWrittenOut('bo', [{ name: 'bob' }])).toBe(false)
    expect(isWrittenOut('bob', [{ name: 'bob' }, { name: 'bobby' }])).toBe(false)
    expect(isWrittenOut('bob', [])).toBe(false)
  })

  test('may name many', () => {
    expect(namesOfManyFor('')).toEqual(['room', 'here'])
    expect(namesOfManyFor('He')).toEqual(['here'])
    expect(namesOfManyFor('x')).toEqual([])
  })
})

describe('a text that names people', () => {
  test('is words and names, by the longest that is known', () => {
    expect(namedPieces('ask @bob.carol, or @bob.', { 'bob': '1', 'bob.carol': '2' })).toEqual([
      { is: 'text', text: 'ask ' },
      { is: 'name', text: '@bob.carol', id: '2' },
      { is: 'text', text: ', or ' },
      { is: 'name', text: '@bob', id: '1' },
      { is: 'text', text: '.' },
    ])
    expect(namedPieces('ask @bob', {})).toEqual([{ is: 'text', text: 'ask @bob' }])
    expect(namedPieces('@toString @constructor', {})).toEqual([{ is: 'text', text: '@toString @constructor' }])
  })

  test('put together again, the pieces are the text', () => {
    const word = fc.constantFrom('@bob', '@carol', ' ', '.', 'x', '@', 'ä', '\n')
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join('')
        expect(
          namedPieces(text, { bob: '1', carol: '2' })
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
})
