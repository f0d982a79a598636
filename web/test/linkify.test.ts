import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MESSAGE_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { linkify } from '#room/linkify.ts'

const links = (text: string) => linkify(text).flatMap((piece) => (piece.is === 'link' ? [piece.text] : []))

describe('addresses in a text become links', () => {
  test.each([
    ['see https://example.com', ['https://example.com']],
    ['https://example.com.', ['https://example.com']],
    ['https://example.com/a, https://example.com/b!', ['https://example.com/a', 'https://example.com/b']],
    ['(https://example.com/a)', ['https://example.com/a']],
    ['https://example.org/Bell_(tower)', ['https://example.org/Bell_(tower)']],
    ['(see https://example.org/Bell_(tower)).', ['https://example.org/Bell_(tower)']],
    ['[https://example.com/x?y=[1]]', ['https://example.com/x?y=[1]']],
    ['<https://example.com/a>', ['https://example.com/a']],
    ['"https://example.com/a"', ['https://example.com/a']],
    ['HTTPS://EXAMPLE.COM/A', ['HTTPS://EXAMPLE.COM/A']],
    ['http://localhost:8000/chat?a=1#b', ['http://localhost:8000/chat?a=1#b']],
    ['https://例え.jp/道。次', ['https://例え.jp/道']],
    ['two\nhttps://example.com/a\nlines', ['https://example.com/a']],
    ['https://example.com/really?!…', ['https://example.com/really']],
  ])('%s', (text, expected) => {
    expect(links(text)).toEqual(expected)
  })

  test.each([
    'javascript:alert(1)',
    'ftp://example.com',
    'https://',
    'http:///a',
    'https://[',
    'xhttps://example.com',
    'mailto:a@example.com',
    'www.example.com',
    'data:text/html,hello',
  ])('not %s', (text) => {
    expect(links(text)).toEqual([])
  })

  test('a link leads to an http or https address, whatever the text', () => {
    const text = fc.array(
      fc.constantFrom('https://', 'http://', 'a.b', '/x', '(', ')', '.', ' ', '\n', 'javascript:', '@', '"', '<', '\\', '?'),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(text, (parts) => {
        for (const piece of linkify(parts.join(''))) if (piece.is === 'link') expect(piece.href).toMatch(/^https?:\/\/[^/]/)
      }),
    )
  })

  test.each([')', ']', '.', ')(', '].', '…)'])('the longest message of %j alone is split all the same', (mark) => {
    const text = 'https://a.b/' + mark.repeat(MESSAGE_MAX_CHARS / mark.length)
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text)
  })

  test('the pieces together are the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.webUrl(), (text, address) => {
        const whole = `${text} ${address}${text}`
        expect(
          linkify(whole)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(whole)
      }),
    )
  })
})
