import { expect, test } from 'vitest'
import { text } from '@belfry/protocol/text.ts'

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
