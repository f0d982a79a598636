import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
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
 * Refuses what a newer Belfry has written. `named`: the database in words, and what to do about it.
 */
export async function migrate(db: Kysely<Tables>, named: { database: string; otherwise: string }): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  if (!error) return
  if (isFromTheFuture(error))
    throw new CannotStart(`The database ${named.database} was written by a newer Belfry. Start that version, or ${named.otherwise}.`)
  throw error instanceof Error ? error : new Error(String(error))
}

/** The migrator knows a database that has seen migrations which this program lacks only by its sentence. */
function isFromTheFuture(error: unknown): boolean {
  return error instanceof Error && /previously executed migration \S+ is missing/.test(error.message)
}
