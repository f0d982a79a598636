import type { Count, HistoryReport } from '@belfry/server/imports/history.ts'
import { counted, inDigits, printable, table } from '#print.ts'
import type { Reading } from './reading.ts'

/** All that an import says in the end. */
export type ImportReport = HistoryReport & Pick<Reading, 'skipped' | 'remarks'> & { dryRun: boolean }

/** The same for a person to read. */
export function reportText(report: ImportReport): string {
  return [headline(report), counts(report), leftOut(report), worthKnowing(report)].filter((part) => part !== '').join('\n\n')
}

function headline({ dryRun, room }: ImportReport): string {
  const where = `the room ${printable(room.name)}${room.isNew ? ', which is new' : ''}`
  return dryRun ? `Nothing was stored. This would be brought into ${where}:` : `Brought into ${where}:`
}

function counts({ messages, accounts, outsiders, notifications }: ImportReport): string {
  const rows: [string, Count][] = [
    ['messages', messages],
    ['notifications', notifications],
    ['accounts', accounts],
    ['people who cannot sign in', outsiders],
  ]
  const shown = rows.filter(([, { stored, there }]) => stored + there > 0)
  const columns = [
    ['', ...shown.map(([what]) => what)],
    rightAligned(['NEW', ...shown.map(([, { stored }]) => inDigits(stored))]),
    rightAligned(['HERE ALREADY', ...shown.map(([, { there }]) => inDigits(there))]),
  ] as const
  const [head, ...lines] = columns[0].map((_, line) => columns.map((column) => column[line]!))
  return table(head!, lines)
}

function rightAligned(cells: string[]): string[] {
  const width = Math.max(...cells.map((cell) => cell.length))
  return cells.map((cell) => cell.padStart(width))
}

function leftOut({ skipped }: ImportReport): string {
  if (skipped.length === 0) return 'Nothing was left out.'
  const lines = skipped.map(({ what, count, first }) => `  ${what}: ${inDigits(count)} (the first: ${first})`)
  return ['Left out:', ...lines.map(printable)].join('\n')
}

function worthKnowing(report: ImportReport): string {
  const remarks = [...report.remarks, ...remarksOn(report)]
  return remarks.map((remark) => `- ${printable(remark)}`).join('\n')
}

function remarksOn({ room, messages, readSince, kept, numbered }: ImportReport): string[] {
  const remarks = []
  if (room.postedBefore > 0 && messages.stored > 0)
    remarks.push(
      `The room held ${counted(room.postedBefore, 'message')}: these stand behind them, older or not, because numbers never change.`,
    )
  if (readSince > 0) remarks.push(`Read there meanwhile, and so here: ${counted(readSince, 'notification')}.`)
  if (kept.length > 0) remarks.push(keptText(kept))
  if (numbered.length > 0) remarks.push(numberedText(numbered))
  return remarks
}

const NAMED_MAX = 5

function keptText(kept: string[]): string {
  const more = kept.length > NAMED_MAX ? ` and ${inDigits(kept.length - NAMED_MAX)} more` : ''
  const names = kept.slice(0, NAMED_MAX).join(', ') + more
  return kept.length === 1
    ? `${names} had an account here already: it was kept as it is, with its name, rights and password.`
    : `${names} had accounts here already: they were kept as they are, with their names, rights and passwords.`
}

function numberedText(numbered: ImportReport['numbered']): string {
  const names = numbered.map(({ username, here }) => `${username} is ${here}`).join(', ')
  return `Some are new, but another of these people has their user name here, so that they got a number: ${names}.`
}
