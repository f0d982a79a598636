import type { RowKind, Rows } from '@belfry/protocol/rows.ts'
import type { Topic } from '@belfry/protocol/topics.ts'

/** What a commit did to one topic: the last state of the rows with `prev` < `changed` <= `seq`. Travels over the bus; a hint, never the truth. */
export interface Announcement {
  epoch: string
  topic: Topic
  prev: number
  seq: number
  rows: Rows
}

/** Lays rows over those of a change: by (kind, id), the later state stays [W1]. */
export function addToChange(change: { rows: Rows }, rows: Rows): void {
  for (const [kind, later] of Object.entries(rows) as [RowKind, { id: string }[]][]) {
    const held = change.rows[kind] as { id: string }[] | undefined
    change.rows[kind] = (held ? lastStates(held, later) : later) as never
  }
}

function lastStates(held: { id: string }[], later: { id: string }[]): { id: string }[] {
  const byId = new Map(held.map((row) => [row.id, row]))
  for (const row of later) byId.set(row.id, row)
  return [...byId.values()]
}

/** The changes of several writes of one batch as one change a topic, in the order of their seqs. */
export function joinAnnouncements(announcements: Announcement[]): Announcement[] {
  const byTopic = new Map<Topic, Announcement>()
  for (const announcement of announcements) {
    const held = byTopic.get(announcement.topic)
    if (!held) byTopic.set(announcement.topic, announcement)
    else {
      held.seq = announcement.seq
      addToChange(held, announcement.rows)
    }
  }
  return [...byTopic.values()]
}

/** Whether it is about longer than this when it is encoded; it is not, to find out. */
export function isLongerThan(chars: number, { rows }: Announcement): boolean {
  let left = chars
  for (const row of Object.values(rows as Record<string, object[]>).flat()) if ((left -= charsOf(row)) < 0) return true
  return false
}

/** The names of a row's columns, and what is no text, at least. */
const BESIDE_TEXTS_CHARS = 200

function charsOf(row: object): number {
  return Object.values(row).reduce((sum: number, value) => sum + (typeof value === 'string' ? value.length : 0), BESIDE_TEXTS_CHARS)
}
