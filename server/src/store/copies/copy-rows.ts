import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '#store/schema.ts'
import type { CopiedTable } from './tables.ts'

type Row = Record<string, string | number | null>
type AnyTable = Kysely<Record<string, Row>>

/** What a table holds. `digest`: of all its rows, in the order of their key. */
export interface Contents {
  name: string
  rows: number
  digest: string
}

/** One for several tables, in this order. Backups hold it: how rows are written in it, and in which order, must stay as it is. */
export function digestOf(tables: Contents[]): string {
  return tables.reduce((hash, { name, digest }) => hash.update(`${name} ${digest}\n`), createHash('sha256')).digest('hex')
}

/** Is told of every page; what it throws ends the copy. */
export type OnRows = (rows: number) => void

/** Copies all rows of a table, and says what they were. */
export function copyRows(table: CopiedTable, between: { from: Kysely<Tables>; to: Kysely<Tables> }, onRows: OnRows): Promise<Contents> {
  const to = between.to as unknown as AnyTable
  return contentsOf(between.from, table, async (page) => {
    await to.insertInto(table.name).values(page).execute()
    onRows(page.length)
  })
}

/** Reads all rows of a table. */
export async function contentsOf(
  db: Kysely<Tables>,
  table: CopiedTable,
  onPage: (page: Row[]) => Promise<void> = async () => {},
): Promise<Contents> {
  const digest = createHash('sha256')
  let rows = 0
  for await (const page of pagesOf(db as unknown as AnyTable, table)) {
    for (const row of page) digest.update(`${JSON.stringify(table.columns.map((column) => row[column]))}\n`)
    rows += page.length
    await onPage(page)
    // SQLite answers without a turn of the loop, and signals are heard between turns alone.
    await nextTurn()
  }
  return { name: table.name, rows, digest: digest.digest('hex') }
}

/** Most rows are small, but a picture takes 90 KB. */
const ROWS_A_PAGE = 500

async function* pagesOf(db: AnyTable, table: CopiedTable): AsyncGenerator<Row[]> {
  let page: Row[] = []
  do {
    page = await pageAfter(db, table, page.at(-1))
    if (page.length > 0) yield page
  } while (page.length === ROWS_A_PAGE)
}

/** Both databases compare texts byte by byte: it is the same order in both. */
function pageAfter(db: AnyTable, { name, columns, key }: CopiedTable, last: Row | undefined): Promise<Row[]> {
  const keyOf = sql.join(key.map((column) => sql.ref(column)))
  const page = db.selectFrom(name).select(columns).orderBy(keyOf).limit(ROWS_A_PAGE)
  if (!last) return page.execute()
  return page.where(sql<boolean>`(${keyOf}) > (${sql.join(key.map((column) => last[column]!))})`).execute()
}
