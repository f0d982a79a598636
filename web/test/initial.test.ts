import { expect, test } from 'vitest'
import { initialOf } from '#theme/initial.ts'

test.each([
  ['prachi', 'P'],
  [' \u200B\u202Ebob', 'B'],
  ['\u3164Carol', 'C'],
  ['«aman»', 'A'],
  ['🦉 owl', 'O'],
  ['🦉', '🦉'],
  ['7 of 9', '7'],
  ['?!', '?'],
  ['\u2800', '·'],
  ['', '·'],
])('of %j its face shows %s', (name, initial) => expect(initialOf(name)).toBe(initial))
