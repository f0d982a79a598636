const TWO_LINES_CHARS = 90

/** Whether two lines may not hold it. */
export function isLong(text: string | null): boolean {
  return text !== null && (text.length > TWO_LINES_CHARS || text.includes('\n'))
}
