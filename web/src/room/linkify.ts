export type TextPiece = { is: 'text'; text: string } | { is: 'link'; text: string; href: string }

// Quotes, angle brackets and the brackets and stops of scripts without spaces end an address.
const ADDRESS = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"“”„«»、。，！？；：（）「」『』【】]+/giu
const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** Splits text into words and addresses (http and https alone). Put together again, the pieces are the text. */
export function linkify(text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0])
    if (!isAddress(address)) continue
    if (match.index > end) pieces.push({ is: 'text', text: text.slice(end, match.index) })
    pieces.push({ is: 'link', text: address, href: new URL(address).href })
    end = match.index + address.length
  }
  if (end < text.length) pieces.push({ is: 'text', text: text.slice(end) })
  return pieces
}

/** What ends a sentence, and a bracket that was opened before the address, are not part of it. */
function withoutTrailing(address: string): string {
  let end = address.length
  while (end > 0 && isTrailing(address.slice(0, end))) end -= 1
  return address.slice(0, end)
}

function isTrailing(address: string): boolean {
  const last = address.at(-1)!
  if (/[.,;:!?'*_~`…’|\\]/u.test(last)) return true
  const opening = CLOSING[last]
  return opening !== undefined && count(address, last) > count(address, opening)
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}

function isAddress(address: string): boolean {
  return /^https?:\/\/[^/?#]/i.test(address) && URL.canParse(address)
}
