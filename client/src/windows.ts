import type { Notification } from '@belfry/protocol/rows.ts'

export type InboxFilter = 'unread' | 'all' | 'archived'
/** Of each list of the inbox the oldest id held, everything newer being there too; null: the list is whole; absent: none of it is claimed. */
export type Windows = { [F in InboxFilter]?: string | null }

export const INBOX_FILTERS = ['unread', 'all', 'archived'] as const satisfies InboxFilter[]

export function isInside(windows: Windows, filter: InboxFilter, id: string): boolean {
  const oldest = windows[filter]
  return oldest === null || (oldest !== undefined && id >= oldest)
}

/** Which of the inbox's lists a notification stands in, deleted ones in none. */
export function isInList(filter: InboxFilter, row: Notification): boolean {
  if (row.deletedAt !== null) return false
  if (filter === 'archived') return row.archivedAt !== null
  return row.archivedAt === null && (filter === 'all' || row.readAt === null)
}
