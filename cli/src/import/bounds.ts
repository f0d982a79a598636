import { MESSAGE_MAX_CHARS, TITLE_MAX_CHARS } from '@belfry/protocol/limits.ts'

/** Pure: texts of whatever length within the bounds that Belfry has. */

/** A long text in pieces that a message may have: broken at a line or a word where there is one, and all of it kept. */
export function messageBodies(text: string): string[] {
  const bodies: string[] = []
  let rest = text
  while (rest.length > MESSAGE_MAX_CHARS) {
    const body = rest.slice(0, breakWithin(rest, MESSAGE_MAX_CHARS))
    bodies.push(body)
    rest = rest.slice(body.length)
  }
  return [...bodies, rest]
}

/** A notification's text, and its title where it has one of its own. Whichever comes first is the title; a long one begins there and stands whole in the body. */
export function titleAndBody({ title, text }: { title: string | null; text: string }): { title: string; body: string | null } {
  const first = title ?? text
  const begun = shortened(first, TITLE_MAX_CHARS)
  const body = [...(begun === first ? [] : [first]), ...(title === null ? [] : [text])].join('\n\n')
  return { title: begun, body: body === '' ? null : body }
}

const ELLIPSIS = '…'

/** A text, or as much of its beginning as there is room for. */
export function shortened(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  return text.slice(0, breakWithin(text, maxChars - ELLIPSIS.length)).trimEnd() + ELLIPSIS
}

/** Where to break: behind the last line or word in the second half, and never inside a character. */
function breakWithin(text: string, max: number): number {
  const begin = text.slice(0, max)
  const space = Math.max(begin.lastIndexOf('\n'), begin.lastIndexOf(' ')) + 1
  if (space > max / 2) return space
  return begin.isWellFormed() ? max : max - 1
}
