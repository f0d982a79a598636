import { expect, test } from 'vitest'
import { inOneLine } from '@belfry/protocol/one-line.ts'
import { line, text } from '@belfry/protocol/text.ts'

const MAX_CHARS = 20

function refused(value: string): string | undefined {
  return text(MAX_CHARS).safeParse(value).error?.issues[0]?.message
}

test.each([
  '',
  ' \n\t',
  '\u{A0}',
  '\u{200B}',
  '\u{2060}',
  '\u{FEFF}',
  '\u{AD}',
  '\u{200E}\u{200F}',
  '\u{3164}',
  '\u{FE0F}',
  '\u{E0041}',
  ' \u{200D} ',
  '\u{2800}',
  '\u{1}',
])('text that leaves no mark on a screen is blank: %j', (value) => expect(refused(value)).toBe('must not be blank'))

test.each(['a', '.', '\u{6DD}', '👩‍👩‍👧', '❤️', 'co\u{AD}operate', '\u{200F}שלום', 'می\u{200C}خواهم', '\u{FEFF}x', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'])(
  'text that merely holds such characters stays as it is: %j',
  (value) => expect(text(MAX_CHARS).parse(value)).toBe(value),
)

const ONE_LINE = 'must be one line, without characters that turn its direction'

test.each(['Bo\nb', 'Bo\tb', 'Bo\u2028b', 'Bo\u0085b', 'Bob\u001B[31m', 'Bob \u202E(nimda)', '\u2066Bob', 'Bob\u200F', '\u061CBob'])(
  'a name that would break its line, or turn what is beside it around, is refused: %j',
  (value) => {
    expect(
      line(MAX_CHARS)
        .safeParse(value)
        .error?.issues.map(({ message }) => message),
    ).toEqual([ONE_LINE])
    expect(text(MAX_CHARS).parse(value)).toBe(value)
    expect(line(MAX_CHARS).parse(inOneLine(value))).toBe(inOneLine(value))
  },
)

test.each(['Zoë O’Neil', 'שרה', 'می\u200Cخواهم', '👩‍👩‍👧 family', '李 小龍'])(
  'a name in any script and with any emoji is one line: %j',
  (value) => {
    expect(line(MAX_CHARS).parse(value)).toBe(value)
    expect(inOneLine(value)).toBe(value)
  },
)

test('of a name from elsewhere what breaks a line becomes a space, and what turns it around goes', () => {
  expect(inOneLine('Ann\r\nLee\u202E\u001B')).toBe('Ann Lee')
})
