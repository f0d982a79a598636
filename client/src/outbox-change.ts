import type { OutboxEntry } from './outbox-entry.ts'
import { inOrder } from './outbox-entry.ts'

export type OutboxChange =
  /** Takes its place behind all that is there then, and not before its own `order`: that is the order of storing [W8]. What is there already stays as it is. */
  | { is: 'added'; entry: OutboxEntry }
  /** An entry's next state, if it still stands; it keeps its place also under another id. */
  | { is: 'put'; entry: OutboxEntry; inPlaceOf: string }
  | { is: 'removed'; entryIds: readonly string[] }

/** The entries as they stand after these changes; those that nothing concerns are the same objects. */
export function outboxAfter(entries: readonly OutboxEntry[], changes: readonly OutboxChange[]): readonly OutboxEntry[] {
  return changes.reduce(afterOne, entries)
}

export function concerns(change: OutboxChange, entryId: string): boolean {
  return idsIn(change).includes(entryId)
}

/** Whom a change concerns. */
export function idsIn(change: OutboxChange): readonly string[] {
  return change.is === 'removed' ? change.entryIds : [change.entry.entryId, ...(change.is === 'put' ? [change.inPlaceOf] : [])]
}

function afterOne(entries: readonly OutboxEntry[], change: OutboxChange): readonly OutboxEntry[] {
  switch (change.is) {
    case 'added':
      if (entries.some(({ entryId }) => entryId === change.entry.entryId)) return entries
      return [...entries, { ...change.entry, order: Math.max((entries.at(-1)?.order ?? 0) + 1, change.entry.order) }]
    case 'put':
      return inOrder(entries.map((there) => (there.entryId === change.inPlaceOf ? { ...change.entry, order: there.order } : there)))
    case 'removed':
      return entries.filter(({ entryId }) => !change.entryIds.includes(entryId))
    default:
      return change satisfies never
  }
}
