import type { Counts, Notification } from '@belfry/protocol/rows.ts'
import type { InboxEntry } from './outbox-entry.ts'
import { isInList } from './windows.ts'

/** A notification as it will be once these commands are carried out; the row itself when nothing concerns it. */
export function marked(row: Notification, entries: readonly InboxEntry[]): Notification {
  return entries.reduce((state, entry) => markedBy(state, entry), row)
}

/** The counts as they will be: those of the server, moved by what the marks do to the rows held. */
export function markedCounts(
  counts: Counts | undefined,
  rows: Iterable<Notification>,
  entries: readonly InboxEntry[],
): { unread: number; unseen: number } {
  const pairs = [...rows].map((before) => ({ before, after: marked(before, entries) }))
  return {
    unread: countMarked(counts?.unread ?? 0, pairs, {
      isCounted: isUnread,
      allAreMarked: entries.some((entry) => marksAll(entry, 'read')),
    }),
    unseen: countMarked(counts?.unseen ?? 0, pairs, {
      isCounted: isUnseen,
      allAreMarked: entries.some((entry) => marksAll(entry, 'seen')),
    }),
  }
}

interface Counting {
  isCounted(row: Notification): boolean
  allAreMarked: boolean
}

/** A mark on all reaches rows that are not held: then only what is held and still counts is left. */
function countMarked(count: number, pairs: { before: Notification; after: Notification }[], { isCounted, allAreMarked }: Counting): number {
  const before = pairs.filter((pair) => isCounted(pair.before)).length
  const after = pairs.filter((pair) => isCounted(pair.after)).length
  return allAreMarked ? after : Math.max(0, count + after - before)
}

function markedBy(row: Notification, entry: InboxEntry): Notification {
  const at = entry.createdAt
  if (entry.name === 'notification.mark-all') return row.since <= entry.input.upTo ? markedLike(row, entry.input.set, at) : row
  if (entry.input.id !== row.id) return row
  if (entry.name === 'notification.delete') return { ...row, deletedAt: row.deletedAt ?? at }
  return markedLike(row, entry.input, at)
}

/** Reading and archiving imply what comes before. */
function markedLike(
  row: Notification,
  { read, seen, archived }: { read?: boolean; seen?: boolean; archived?: boolean },
  at: number,
): Notification {
  const isRead = read ?? (archived === true || row.readAt !== null)
  const isSeen = seen === true || isRead || row.seenAt !== null
  const isArchived = archived ?? row.archivedAt !== null
  const next = {
    ...row,
    readAt: timeIf(isRead, row.readAt, at),
    seenAt: timeIf(isSeen, row.seenAt, at),
    archivedAt: timeIf(isArchived, row.archivedAt, at),
  }
  return isSameMark(row, next) ? row : next
}

export function isSameMark(a: Notification, b: Notification): boolean {
  return (
    a.changed === b.changed &&
    a.readAt === b.readAt &&
    a.seenAt === b.seenAt &&
    a.archivedAt === b.archivedAt &&
    a.deletedAt === b.deletedAt
  )
}

function timeIf(isSet: boolean, earlier: number | null, at: number): number | null {
  return isSet ? (earlier ?? at) : null
}

function marksAll(entry: InboxEntry, mark: 'read' | 'seen'): boolean {
  if (entry.name !== 'notification.mark-all') return false
  return entry.input.set.read === true || (mark === 'seen' && entry.input.set.seen === true)
}

function isUnread(row: Notification): boolean {
  return isInList('unread', row)
}

function isUnseen(row: Notification): boolean {
  return row.seenAt === null && isInList('all', row)
}
