import { DatabaseSync } from 'node:sqlite'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import { statsOf } from './reading.ts'

/** A table, as far as its shape goes. */
export interface Table {
  name: string
  columns: Column[]
}

/** `type`: in lower case, as it was declared. `references`: the table that a foreign key leads to. */
export interface Column {
  name: string
  type: string
  isKey: boolean
  references: string | null
}

const SQLITE_TROUBLE: Record<number, string> = {
  5: 'is locked by another program. Try again in a moment',
  11: 'is damaged',
  26: 'is no SQLite database',
}

/**
 * Runs `read` on one snapshot of somebody else's database, which is opened for reading alone.
 * Refusals: not-found, and malformed for what is no database or cannot be read.
 */
export function readingDatabase<T>(path: string, read: (file: DatabaseSync) => T): T {
  if (!statsOf(path).isFile()) throw new Refusal('malformed', `${path} is no file. Nothing was stored.`)
  try {
    using file = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    file.exec('BEGIN')
    return read(file)
  } catch (error) {
    if (!(error instanceof Error) || !('errcode' in error)) throw error
    const trouble = SQLITE_TROUBLE[Number(error.errcode) & 0xff] ?? `cannot be read (${error.message})`
    throw new Refusal('malformed', `${path} ${trouble}. Nothing was stored.`)
  }
}

/** All tables but SQLite's own. */
export function tablesOf(file: DatabaseSync): Table[] {
  const names = file.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`).all()
  return (names as { name: string }[]).map(({ name }) => ({ name, columns: columnsOf(file, name) }))
}

function columnsOf(file: DatabaseSync, table: string): Column[] {
  const references = new Map(
    (
      file.prepare('SELECT "from" AS name, "table" AS leadsTo FROM pragma_foreign_key_list(?)').all(table) as {
        name: string
        leadsTo: string
      }[]
    ).map(({ name, leadsTo }) => [name, leadsTo]),
  )
  const columns = file.prepare('SELECT name, lower(type) AS type, pk FROM pragma_table_info(?)').all(table)
  return (columns as { name: string; type: string; pk: number }[]).map(({ name, type, pk }) => ({
    name,
    type,
    isKey: pk > 0,
    references: references.get(name) ?? null,
  }))
}

/** A name as SQL takes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
