export type TextPiece = { is: 'text'; text: string } | { is: 'link'; text: string; href: string }

// Quotes, angle brackets and the brackets and stops of scripts without spaces end an address.
const ADDRESS = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"“”„«»、。，！？；：（）「」『』【】]+/giu
const STOP = /[.,;:!?'*_~`…’|\\]/u
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

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
  // Counted once and then counted down: others write this text, and every reader's browser has to split it.
  const counts = countsIn(address)
  let end = address.length
  for (; end > 0; end -= 1) {
    const last = address[end - 1]!
    if (!STOP.test(last) && !isSuperfluous(last, counts)) break
    counts.set(last, (counts.get(last) ?? 0) - 1)
  }
  return address.slice(0, end)
}

function countsIn(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  return counts
}

function isSuperfluous(bracket: string, counts: ReadonlyMap<string, number>): boolean {
  const opening = OPENING[bracket]
  return opening !== undefined && (counts.get(bracket) ?? 0) > (counts.get(opening) ?? 0)
}

function isAddress(address: string): boolean {
  return /^https?:\/\/[^/?#]/i.test(address) && URL.canParse(address)
}
