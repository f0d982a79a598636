import type { Seen, Told } from '#checker/record/told.ts'
import type { Database } from './database.ts'
import { sayOf, type Verdict } from './verdict.ts'
import type { SentWrite } from './writes.ts'

/** What the database is known to have held. */
export interface Known {
  database: Database
  /** All that was ever sent to be said, by message: a deleted one keeps none of it. */
  texts: Map<string, Set<string>>
}

export function textsIn(writes: readonly SentWrite[], { messages }: Database): Map<string, Set<string>> {
  const deleted = writes.filter(({ id }) => messages.get(id)?.isDeleted)
  return new Map([...Map.groupBy(deleted, ({ id }) => id)].map(([id, of]) => [id, new Set(of.map(({ text }) => text))]))
}

/** [W1]: what is told was committed, in that state. Each state is looked at once, whoever was told it. */
export function phantomVerdicts(frames: Iterable<Told>, known: Known): Verdict[] {
  const states = new Set<Seen>()
  for (const { rows } of frames) for (const row of rows) states.add(row)
  return [...states].flatMap((row) => {
    const why = phantom(row, known)
    return why === null ? [] : sayOf(row.roomId === '' ? 'an inbox' : `room:${row.roomId}`)('phantom', 'W1', why)
  })
}

/** Why it never was so; null: it was. */
export function phantom(row: Seen, known: Known): string | null {
  return row.kind === 'message' ? phantomMessage(row, known) : phantomNotification(row, known.database)
}

function phantomMessage(row: Seen, { database, texts }: Known): string | null {
  const { id, n, changed, text } = row
  const stored = database.messages.get(id)
  if (!stored) return `message ${id} is not there`
  if (stored.n !== n || stored.roomId !== row.roomId)
    return `message ${id} has number ${stored.n} in ${stored.roomId}, not ${n} in ${row.roomId}`
  if (changed > stored.changed) return `message ${id} was told as of ${changed}, it stands as of ${stored.changed}`
  if (changed === stored.changed) return text === stored.text ? null : `message ${id} says something else as of ${changed}`
  const former = database.versions.get(id)?.find((version) => version.changed === changed)
  const wasSo = stored.isDeleted ? texts.get(id)?.has(text) : former?.text === text
  return wasSo ? null : `message ${id} never said that as of ${changed}`
}

function phantomNotification({ id, changed, text }: Seen, { notifications }: Database): string | null {
  const stored = notifications.get(id)
  if (!stored) return `notification ${id} is not there`
  if (changed > stored.changed) return `notification ${id} was told as of ${changed}, it stands as of ${stored.changed}`
  return changed < stored.changed || text === stored.text ? null : `notification ${id} says something else as of ${changed}`
}
