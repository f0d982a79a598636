import { type Kysely, sql } from 'kysely'
import { CannotStart } from '#lib/cannot-start.ts'
import type { Source, Target } from '#store/copies/ends.ts'
import { migrateTo } from '#store/migrate.ts'
import type { Tables } from '#store/schema.ts'
import type { PostgresConnection } from './connection.ts'
import { compareByBytes, inLongTransaction, MIGRATION_LOCK } from './open-postgres.ts'
import { commit } from './run-batch.ts'
import { requireMayMigrate, requireSuitable } from './suitable.ts'
import { creating, creatingAnother, nameOf } from './words.ts'

/** A database, also while nodes write to it. */
export function fromPostgres(url: string): Source {
  return {
    name: nameOf(url),
    read: (work) => inLongTransaction(url, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', ({ db }) => work(db)),
  }
}

/** A database without any tables: all is stored in one transaction. */
export function intoPostgres(url: string): Target {
  return {
    name: nameOf(url),
    fill: (work) =>
      inLongTransaction(url, 'BEGIN', async (connection) => {
        await requireSuitable(connection.db, url)
        // A node that starts there meanwhile waits, and finds the copy.
        await connection.exec(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
        await requireEmpty(connection.db, url)
        await requireMayMigrate(connection.db, url)
        const result = await work({ db: connection.db, migrate: (version) => makeTables(connection, version) })
        await commit(connection)
        return result
      }),
  }
}

async function makeTables(connection: PostgresConnection, version: string): Promise<void> {
  await migrateTo(connection.db, version)
  await compareByBytes(connection)
}

/** What belongs to an extension does not count. */
async function requireEmpty(db: Kysely<Tables>, url: string): Promise<void> {
  const { rows } = await sql`
    SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e') LIMIT 1`.execute(
    db,
  )
  if (rows.length === 0) return
  throw new CannotStart(
    `The database ${nameOf(url)} is not empty. Make another one: \`${creatingAnother(url)}\`. Or drop this one, where nothing of it is needed any more, and make it anew: \`${creating(url)}\`.`,
  )
}
