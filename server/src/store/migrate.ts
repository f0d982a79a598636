import { type Kysely, sql } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, type MigrationResultSet, Migrator } from 'kysely/migration'
import { CannotStart } from '#lib/cannot-start.ts'
import type { Tables } from './schema.ts'
import { first } from './migrations/0001-first.ts'
import { administration } from './migrations/0002-administration.ts'
import { imports } from './migrations/0003-imports.ts'
import { rooms } from './migrations/0004-rooms.ts'
import { conversations } from './migrations/0005-conversations.ts'
import { preferences } from './migrations/0006-preferences.ts'
import { reactions } from './migrations/0007-reactions.ts'
import { invitations } from './migrations/0008-invitations.ts'

const MIGRATIONS = {
  '0001-first': first,
  '0002-administration': administration,
  '0003-imports': imports,
  '0004-rooms': rooms,
  '0005-conversations': conversations,
  '0006-preferences': preferences,
  '0007-reactions': reactions,
  '0008-invitations': invitations,
}

/**
 * Brings the database to this program's schema, in the transaction that is open: whoever is killed in the middle leaves nothing behind.
 * Refuses what a newer Belfry has written, unless that may be so. `at`: the database in words, and what to do about it.
 */
export async function migrate(db: Kysely<Tables>, at: { database: string; otherwise: string; mayBeNewer?: boolean }): Promise<void> {
  const { error } = await migratorOf(db).migrateToLatest()
  if (!error) return
  if (!isFromTheFuture(error)) throw failed(error)
  if (!at.mayBeNewer)
    throw new CannotStart(`The database ${at.database} was written by a newer Belfry. Start that version, or ${at.otherwise}.`)
}

/** Brings an empty database to the schema of a version that {@link schemaVersion} has answered of another. */
export async function migrateTo(db: Kysely<Tables>, version: string): Promise<void> {
  const { error } = await migratorOf(db).migrateTo(version)
  if (error) throw failed(error)
}

/** The last migration that a database has seen. Null: it has seen none, and is not Belfry's. */
export async function schemaVersion(db: Kysely<Tables>): Promise<string | null> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return null
  const { rows } = await sql<{ version: string | null }>`SELECT max(name) AS version FROM ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db)
  return rows[0]!.version
}

/** Whether this program can make a database of that version. */
export function knowsVersion(version: string): boolean {
  return version in MIGRATIONS
}

/** Whether this program would migrate a database of that version. */
export function isOlder(version: string): boolean {
  return Object.keys(MIGRATIONS).some((name) => name > version)
}

function migratorOf(db: Kysely<Tables>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
}

function failed(error: MigrationResultSet['error']): Error {
  return error instanceof Error ? error : new Error(String(error))
}

/** The migrator knows a database that has seen migrations which this program lacks only by its sentence. */
function isFromTheFuture(error: unknown): boolean {
  return error instanceof Error && /previously executed migration \S+ is missing/.test(error.message)
}
