import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { MessageText } from '#room/message-text.tsx'

test('a message of which nothing would be seen says so', () => {
  expect(shown(' \u200b')).toContain('A message without text.')
  expect(shown('ok')).toBe('ok')
})

function shown(text: string): string {
  return renderToStaticMarkup(<MessageText text={text} names={{}} from={null} tabIndex={0} />)
}
