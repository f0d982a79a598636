import type { Kysely } from 'kysely'
import { CannotStart } from '#lib/cannot-start.ts'
import { UnknownCommit } from '#store/batch.ts'
import { copyMark, markCopy } from '#store/epoch.ts'
import { knowsVersion, schemaVersion } from '#store/migrate.ts'
import type { Tables } from '#store/schema.ts'
import { type Contents, contentsOf, copyRows, digestOf, type OnRows } from './copy-rows.ts'
import type { Place, Source, Target } from './ends.ts'
import { type CopiedTable, tablesAt } from './tables.ts'

/** Who waits for a copy. */
export interface Waiting {
  now(): number
  signal: AbortSignal
  onRows(rows: number, of: number): void
}

export interface Copy {
  /** What it shows is what was there then. */
  moment: number
  /** The schema's. */
  version: string
  tables: { name: string; rows: number }[]
}

/**
 * Copies a whole database, as it is at one moment and in the version of its schema, and compares both row by row. The copy is marked as
 * one: the first start from it takes a new epoch [F8], and migrates it. All of it is there afterwards, or nothing.
 */
export async function copyDatabase(from: Source, into: Target, waiting: Waiting): Promise<Copy> {
  try {
    return await from.read((source) => into.fill((place) => copyInto(place, { ...from, db: source }, waiting)))
  } catch (error) {
    if (error instanceof UnknownCommit)
      throw new CannotStart(
        `The connection to ${into.name} was lost at the very end. Look whether the tables are there: all of them are, or none.`,
      )
    throw error instanceof CannotStart ? new CannotStart(`${error.message} Nothing was copied.`) : error
  }
}

async function copyInto(place: Place, from: { name: string; db: Kysely<Tables> }, waiting: Waiting): Promise<Copy> {
  const begunAt = waiting.now()
  const version = await versionOf(from)
  const mark = await copyMark(from.db)
  const moment = mark?.moment ?? begunAt
  const tables = await tablesAt(version)
  await place.migrate(version)
  for (const { name } of tables.toReversed()) await place.db.deleteFrom(name as keyof Tables).execute()
  const copied = await copyTables({ ...from, tables, digest: mark?.copied ?? null }, place.db, waiting)
  for (const [at, table] of tables.entries()) await requireEqual(place.db, table, { contents: copied[at]!, onPage: () => goesOn(waiting) })
  await markCopy(place.db, { moment, copied: digestOfRows(copied) })
  return { moment, version, tables: copied.map(({ name, rows }) => ({ name, rows })) }
}

async function versionOf({ name, db }: { name: string; db: Kysely<Tables> }): Promise<string> {
  const version = await schemaVersion(db)
  if (version === null) throw new CannotStart(`${name} holds nothing of Belfry.`)
  if (!knowsVersion(version)) throw new CannotStart(`${name} was written by a newer Belfry. Use that version, or a newer one.`)
  return version
}

/** What is copied. `digest`: what it says of the rows that were copied into it; null: nothing. */
interface Original {
  name: string
  db: Kysely<Tables>
  tables: CopiedTable[]
  digest: string | null
}

async function copyTables(from: Original, to: Kysely<Tables>, waiting: Waiting): Promise<Contents[]> {
  const copied: Contents[] = []
  try {
    const onRows = counting(await rowsIn(from.db, from.tables), waiting)
    for (const table of from.tables) copied.push(await copyRows(table, { from: from.db, to }, onRows))
  } catch (error) {
    // What refers to a damaged row is refused before all rows were read.
    if (error instanceof CannotStart || (await isWhole(from, waiting))) throw error
    throw damaged(from)
  }
  if (!isAsCopied(from, copied)) throw damaged(from)
  return copied
}

async function isWhole(from: Original, waiting: Waiting): Promise<boolean> {
  if (from.digest === null) return true
  const contents: Contents[] = []
  for (const table of from.tables) contents.push(await contentsOf(from.db, table, async () => goesOn(waiting)))
  return isAsCopied(from, contents)
}

function isAsCopied({ digest }: Original, contents: Contents[]): boolean {
  return digest === null || digest === digestOfRows(contents)
}

/** Without what a database says of itself. */
function digestOfRows(contents: Contents[]): string {
  return digestOf(contents.filter(({ name }) => name !== 'meta'))
}

function damaged({ name }: Original): CannotStart {
  return new CannotStart(`${name} is damaged: it does not hold what was copied into it any more. Take another one.`)
}

async function rowsIn(db: Kysely<Tables>, tables: CopiedTable[]): Promise<number> {
  let all = 0
  for (const { name } of tables) {
    const { rows } = await db
      .selectFrom(name as keyof Tables)
      .select((eb) => eb.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow()
    all += rows
  }
  return all
}

function counting(of: number, waiting: Waiting): OnRows {
  let copied = 0
  return (rows) => {
    goesOn(waiting)
    copied += rows
    waiting.onRows(copied, of)
  }
}

function goesOn({ signal }: Waiting): void {
  if (signal.aborted) throw new CannotStart('It was stopped before the end.')
}

/** What was read must be what stands there. */
export async function requireEqual(db: Kysely<Tables>, table: CopiedTable, read: { contents: Contents; onPage?(): void }): Promise<void> {
  const { contents, onPage } = read
  const stands = await contentsOf(db, table, async () => onPage?.())
  if (stands.digest !== contents.digest) throw new Error(`the copy of ${table.name} differs: ${stands.rows} of ${contents.rows} rows`)
}
