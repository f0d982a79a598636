/** What breaks a line or moves about in it. */
const BREAKS = /[\t-\r\u0085\u2028\u2029]+/g
/** What no line shows, and what turns its direction: behind a name that holds U+202E the rest of the line would run backwards, and one name would look like another. */
const UNFIT = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu

/** Whether it stands in a list as one line, and leaves what is beside it alone. */
export function isOneLine(text: string): boolean {
  return text.search(UNFIT) === -1
}

/** The same as one line, for names that come from elsewhere. */
export function inOneLine(text: string): string {
  return text.replaceAll(BREAKS, ' ').replaceAll(UNFIT, '')
}
