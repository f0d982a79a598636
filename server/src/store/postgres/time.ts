import { type Kysely, sql } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** What time it is on the machine of the database, epoch milliseconds. */
export async function databaseTime(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ ms: string }>`select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(db)
  return Number(rows[0]!.ms)
}
