import { DatabaseSync } from 'node:sqlite'

type Value = string | number | null
type Row = Record<string, Value>

/** More than are copied at once. */
const ROWS = 520

/** In another order by bytes, by UTF-16, and by any language; and what somebody might mistake for the end of a text. */
const TEXTS = ['', 'a', 'B', 'ä', 'Z', '_', '-', "'", '"', '\\', '\n', '\u{FB00}', '\u{1F600}', '\u{FFFD}', '{"a":1}', '0'] as const

interface Column {
  name: string
  type: string
  notnull: number
  /** Its place in the primary key, or 0. */
  pk: number
}

/** Puts rows into every table that there is, also into those that nobody thought of here; each refers to others as it must. */
export function fillEveryTable(file: DatabaseSync): void {
  file.exec('BEGIN')
  for (const table of tablesIn(file)) fill(file, table)
  file.exec('COMMIT')
}

/** All rows of all tables of a file, each as JSON, in an order of their own. The mark of a copy is left out. */
export function everyRow(file: DatabaseSync): Record<string, string[]> {
  return Object.fromEntries(tablesIn(file).map((table) => [table, inOrder(file.prepare(`SELECT * FROM "${table}"`).all() as Row[])]))
}

/** Rows as JSON, whatever order they and their columns came in. */
export function inOrder(rows: Row[]): string[] {
  const told = rows
    .filter(({ key }) => !['copy', 'copied'].includes(key as string))
    .map((row) => JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))))
  return told.toSorted()
}

/** In the order in which they were made. */
function tablesIn(file: DatabaseSync): string[] {
  const tables = file
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'kysely_*' AND name NOT GLOB 'sqlite_*'`)
    .all()
  return tables.map(({ name }) => String(name))
}

function fill(file: DatabaseSync, table: string): void {
  const columns = file.prepare(`SELECT * FROM pragma_table_info(?)`).all(table) as unknown as Column[]
  const parents = parentsOf(file, table)
  const names = columns.map(({ name }) => `"${name}"`).join(', ')
  const insert = file.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join(', ')})`)
  for (let at = 0; at < ROWS; at++)
    insert.run(...columns.map((column) => parentOf(parents.get(column.name), column, at) ?? valueOf(column, at)))
}

/** What a column may refer to. */
function parentsOf(file: DatabaseSync, table: string): Map<string, Value[]> {
  const references = file.prepare(`SELECT "from" AS "column", "table" AS parent, "to" AS key FROM pragma_foreign_key_list(?)`).all(table)
  return new Map(
    references.map(({ column, parent, key }) => {
      const rows = file.prepare(`SELECT "${String(key)}" AS key FROM "${String(parent)}" ORDER BY key DESC`).all() as { key: Value }[]
      return [String(column), rows.map((row) => row.key)]
    }),
  )
}

/** Of a key of several columns the first is the same for some rows, so that pages end between them. */
function parentOf(parents: Value[] | undefined, { pk }: Column, at: number): Value | undefined {
  return parents?.[pk === 1 ? at : at % parents.length]
}

function valueOf({ type, notnull, pk }: Column, at: number): Value {
  if (!notnull && pk === 0 && at % 3 === 0) return null
  return type === 'text' ? `${TEXTS[at % TEXTS.length]}${at}` : 2 ** 52 + at
}

/** Opens a file of SQLite's for as long as something is done with it. */
export function inFile<T>(path: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path)
  try {
    return use(database)
  } finally {
    database.close()
  }
}
