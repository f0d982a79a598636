/** How every command answers. */
export interface Printing {
  json?: boolean
}

/** One JSON document, or the lines that say the same to a person. */
export function print({ json }: Printing, answer: { document: unknown; text: string }): void {
  console.log(json ? JSON.stringify(answer.document) : answer.text)
}

/** Rows under their headings, aligned. */
export function table(headings: string[], rows: string[][]): string {
  const lines = [headings, ...rows].map((cells) => cells.map(printable))
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => length(cells[column]!))))
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell + ' '.repeat(widths[column]! - length(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** What people named themselves must not steer the operator's terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD')
}

/** `196,146`. */
export function inDigits(count: number): string {
  return count.toLocaleString('en')
}

/** `1 account`, `15,736 accounts`. */
export function counted(count: number, what: string): string {
  return `${inDigits(count)} ${what}${count === 1 ? '' : 's'}`
}

/** `155.3 MB`. */
export function megabytes(bytes: number): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  return `${(bytes / 1_000_000).toLocaleString('en', digits)} MB`
}

/** `2026-03-01 14:05`, where the operator is. */
export function localTime(time: number): string {
  const date = new Date(time)
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-')
  return `${day} ${[date.getHours(), date.getMinutes()].map(twoDigits).join(':')}`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

function length(text: string): number {
  return [...text].length
}
