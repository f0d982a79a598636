/** A table, for the terminal and for the page. */
export interface Table {
  title: string
  head: string[]
  rows: string[][]
}

export function asText({ title, head, rows }: Table): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('   ')
  return ['', title, line(head), ...rows.map(line)].map((text) => `  ${text}`.trimEnd()).join('\n')
}

/** Without its title. */
export function asMarkdown({ head, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.map(cellText).join(' | ')} |`
  const rule = line(head.map((_, column) => (column === 0 ? '---' : '---:')))
  return [line(head), rule, ...rows.map(line)].join('\n')
}

function cellText(cell: string): string {
  return cell.startsWith('npm run ') ? `\`${cell}\`` : cell
}
