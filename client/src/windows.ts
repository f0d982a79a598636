import type { Message, Notification } from '@belfry/protocol/rows.ts'
import type { AnyRow } from './topic.ts'

export type InboxFilter = 'unread' | 'all' | 'archived'
export type WindowName = 'messages' | InboxFilter
/** A message's number or a notification's id. */
export type WindowKey = number | string
/** Of each long list the oldest key held, everything newer being there too; null: the list is whole; absent: none of it is claimed. */
export type Windows = { [W in WindowName]?: WindowKey | null }

export const INBOX_FILTERS = ['unread', 'all', 'archived'] as const satisfies InboxFilter[]

export function isInside(windows: Windows, name: WindowName, key: WindowKey): boolean {
  const oldest = windows[name]
  return oldest === null || (oldest !== undefined && key >= oldest)
}

/** Whether no window reaches down to this row: it is then kept only if it was held before [F6]. */
export function isBelowAll(windows: Windows, kind: string, row: AnyRow): boolean {
  if (kind === 'message') return !isInside(windows, 'messages', (row as Message).n)
  if (kind === 'notification') return !INBOX_FILTERS.some((filter) => isInside(windows, filter, row.id))
  return false
}

/** Which of the inbox's lists a notification stands in, deleted ones in none. */
export function isInList(filter: InboxFilter, row: Notification): boolean {
  if (row.deletedAt !== null) return false
  if (filter === 'archived') return row.archivedAt !== null
  return row.archivedAt === null && (filter === 'all' || row.readAt === null)
}
