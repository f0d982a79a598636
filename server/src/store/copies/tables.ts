import { type Kysely, sql } from 'kysely'
import { migrateTo } from '#store/migrate.ts'
import type { Tables } from '#store/schema.ts'
import { openUnfinished } from '#store/sqlite/connection.ts'

export interface CopiedTable {
  name: string
  columns: string[]
  /** The primary key. */
  key: string[]
}

/** All tables of a version of the schema, each behind those that it refers to: a new database says so itself, and none can be forgotten. */
export async function tablesAt(version: string): Promise<CopiedTable[]> {
  const fresh = openUnfinished(':memory:')
  try {
    await migrateTo(fresh.db, version)
    return referredFirst(await tablesIn(fresh.db), await referencesIn(fresh.db))
  } finally {
    fresh.close()
  }
}

/** Virtual tables are no `table`: what stands in them comes from the others. */
const OURS = sql`"table".schema = 'main' AND "table".type = 'table' AND "table".name NOT GLOB 'sqlite_*' AND "table".name NOT GLOB 'kysely_*'`

async function tablesIn(db: Kysely<Tables>): Promise<CopiedTable[]> {
  const { rows } = await sql<{ table: string; column: string; inKey: number }>`
    SELECT "table".name AS "table", "column".name AS "column", "column".pk AS "inKey"
    FROM pragma_table_list AS "table" JOIN pragma_table_info("table".name) AS "column" WHERE ${OURS}
    ORDER BY "table".name, "column".cid`.execute(db)
  const byTable = Map.groupBy(rows, ({ table }) => table)
  return [...byTable].map(([name, columns]) => {
    const inKey = columns.filter((column) => column.inKey > 0).toSorted((one, other) => one.inKey - other.inKey)
    if (inKey.length === 0) throw new Error(`${name} has no primary key`)
    return { name, columns: columns.map(({ column }) => column), key: inKey.map(({ column }) => column) }
  })
}

interface Reference {
  from: string
  to: string
}

async function referencesIn(db: Kysely<Tables>): Promise<Reference[]> {
  const { rows } = await sql<Reference>`
    SELECT "table".name AS "from", reference."table" AS "to"
    FROM pragma_table_list AS "table" JOIN pragma_foreign_key_list("table".name) AS reference WHERE ${OURS}`.execute(db)
  return rows.filter(({ from, to }) => from !== to)
}

function referredFirst(tables: CopiedTable[], references: Reference[]): CopiedTable[] {
  const sorted: CopiedTable[] = []
  while (sorted.length < tables.length) {
    const isThere = (name: string) => sorted.some((table) => table.name === name)
    const next = tables.filter(({ name }) => !isThere(name) && references.every(({ from, to }) => from !== name || isThere(to)))
    if (next.length === 0) throw new Error('tables refer to each other in a circle')
    sorted.push(...next)
  }
  return sorted
}
