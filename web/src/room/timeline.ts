import type { TimelineItem } from '@belfry/client/belfry.ts'
import { NAMES_OF_MANY } from '@belfry/protocol/names.ts'
import { localDay } from '#theme/times.ts'

export const GROUP_WITHIN_MS = 5 * 60_000

/**
 * One row of the list. The divider of a day, and the line above what is new, hang below the row before them, so that rows that are loaded above
 * never change one that is already on the screen.
 */
export type TimelineRow =
  | { is: 'beginning'; key: 'beginning'; dayBelow: number | null; newBelow: boolean }
  | { is: 'message'; key: string; item: TimelineItem; isFirst: boolean; dayBelow: number | null; newBelow: boolean }

export interface TimelineShape {
  /** Whether older messages exist that are not loaded. */
  earlier: boolean
  /** Messages that once stood on top, and go on showing their author when older ones join them. */
  seams?: ReadonlySet<string>
  /** The message above which the line stands that says what is new; null: none. */
  firstNew?: string | null
}

/** Messages as rows: groups of one author, and the days between them. */
export function timelineRows(items: readonly TimelineItem[], { earlier, seams, firstNew = null }: TimelineShape): TimelineRow[] {
  const rows: TimelineRow[] = items.map((item, at) => ({
    is: 'message',
    key: item.id,
    item,
    isFirst: seams?.has(item.id) === true || item.id === firstNew || !continues(items[at - 1], item),
    dayBelow: dayBetween(item, items[at + 1]),
    newBelow: firstNew !== null && items[at + 1]?.id === firstNew,
  }))
  if (earlier) return rows
  const top = items[0]
  return [
    { is: 'beginning', key: 'beginning', dayBelow: top?.createdAt ?? null, newBelow: top !== undefined && top.id === firstNew },
    ...rows,
  ]
}

/** The rows, with those that look as before being the same objects: only what changed is rendered again. */
export function withFormerRows(now: readonly TimelineRow[], before: readonly TimelineRow[]): readonly TimelineRow[] {
  const formers = new Map(before.map((row) => [row.key, row]))
  return now.map((row) => {
    const former = formers.get(row.key)
    return former && isSameRow(row, former) ? former : row
  })
}

/** Whether its author can change or delete it now: also while it waits to be posted, or was refused. */
export function isOpenToChange(item: TimelineItem): boolean {
  return item.state === 'sent' || item.wants === 'post'
}

/** Whether somebody else's message names this person, or everybody. */
export function concerns({ authorId, names }: TimelineItem, ownId: string): boolean {
  return authorId !== ownId && Object.values(names).some((id) => id === ownId || (NAMES_OF_MANY as readonly string[]).includes(id))
}

/** The number of the newest message that the server has; 0 when there is none. */
export function newestNumber(items: readonly TimelineItem[]): number {
  return items.findLast((item) => item.n !== null)?.n ?? 0
}

/** The first message of somebody else behind a read marker; null where there is none, or it is not among these. */
export function firstUnread(items: readonly TimelineItem[], { readTo, ownId }: { readTo: number; ownId: string }): TimelineItem | null {
  return items.find((item) => item.n !== null && item.n > readTo && item.authorId !== ownId) ?? null
}

/** The first message behind a number, whoever wrote it. */
export function firstBehind(items: readonly TimelineItem[], behind: number): TimelineItem | null {
  return items.find(({ n }) => n !== null && n > behind) ?? null
}

/** Whether rows only came or went above: then the view keeps its distance from the end. */
export function changedAboveAlone(before: readonly TimelineRow[], now: readonly TimelineRow[]): boolean {
  const [longer, shorter] = now.length > before.length ? [now, before] : [before, now]
  const first = shorter[0]
  if (!first || longer.length === shorter.length) return false
  return longer[longer.length - shorter.length]!.key === first.key && longer.at(-1)!.key === shorter.at(-1)!.key
}

/** The row of this number, or the next one where that message does not stand; the last where there is none. */
export function rowNear(rows: readonly TimelineRow[], n: number): TimelineRow | null {
  const messages = rows.filter((row) => row.is === 'message')
  return messages.find(({ item }) => (item.n ?? Infinity) >= n) ?? messages.at(-1) ?? null
}

function isSameRow(a: TimelineRow, b: TimelineRow): boolean {
  if (a.dayBelow !== b.dayBelow || a.newBelow !== b.newBelow) return false
  return a.is === 'message' && b.is === 'message' ? a.item === b.item && a.isFirst === b.isFirst : a.is === b.is
}

function continues(before: TimelineItem | undefined, item: TimelineItem): boolean {
  if (!before || before.authorId !== item.authorId || localDay(before.createdAt) !== localDay(item.createdAt)) return false
  return Math.abs(item.createdAt - before.createdAt) < GROUP_WITHIN_MS
}

function dayBetween(item: TimelineItem, next: TimelineItem | undefined): number | null {
  return next && localDay(next.createdAt) !== localDay(item.createdAt) ? next.createdAt : null
}
