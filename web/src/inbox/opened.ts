import type { Notification } from '@belfry/protocol/rows.ts'

interface Known {
  items: readonly Notification[]
  more: boolean
}

/**
 * The unread list with what its reader has opened in it: opening marks as read, and what one is reading does not vanish
 * from under one's eyes. `all` says how an opened one stands now; beyond what is loaded of it, it stands as when opened.
 */
export function withOpened(unread: readonly Notification[], opened: readonly Notification[], all: Known): readonly Notification[] {
  const standing = new Set(unread.map((item) => item.id))
  const kept = opened.filter((item) => !standing.has(item.id)).flatMap((item) => nowOf(item, all) ?? [])
  return kept.length === 0 ? unread : [...unread, ...kept].toSorted((a, b) => (a.id < b.id ? 1 : -1))
}

function nowOf(item: Notification, { items, more }: Known): Notification | null {
  const now = items.find((one) => one.id === item.id)
  if (now) return now
  const oldest = items.at(-1)?.id ?? ''
  const isBeyond = more && item.id < oldest
  return isBeyond ? { ...item, readAt: item.readAt ?? item.createdAt } : null
}
