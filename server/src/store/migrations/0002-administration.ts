import { type Kysely, sql } from 'kysely'
import { fold } from '#lib/fold.ts'
import type { Tables } from '#store/schema.ts'

/** Who may sign up, pictures, people of elsewhere, invitations, and when a device was last seen. */
export const administration = {
  async up(db: Kysely<Tables>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
    for (const { id, username, name } of await db.selectFrom('users').select(['id', 'username', 'name']).execute()) {
      const sought = [username, name, id].map(fold).join('\n')
      await db.updateTable('users').set({ sought }).where('id', '=', id).execute()
    }
  },
}

/** A token was made to last so long from its session's last use. */
const SESSION_LASTED_MS = 30 * 24 * 60 * 60 * 1000

// Spelled so that SQLite and PostgreSQL both take it.
const STATEMENTS = [
  `ALTER TABLE workspace ADD COLUMN "signUp" text NOT NULL DEFAULT 'invite'`,
  `ALTER TABLE users ADD COLUMN picture text`,
  `ALTER TABLE users ADD COLUMN "importedFrom" text`,
  `ALTER TABLE users ADD COLUMN sought text NOT NULL DEFAULT ''`,
  `ALTER TABLE sessions ADD COLUMN "usedAt" bigint NOT NULL DEFAULT 0`,
  `UPDATE sessions SET "usedAt" = COALESCE((SELECT max("expiresAt") - ${SESSION_LASTED_MS} FROM tokens WHERE "sessionId" = sessions.id), "createdAt")`,
  `CREATE TABLE pictures ("userId" text PRIMARY KEY REFERENCES users (id), picture text NOT NULL, type text NOT NULL, base64 text NOT NULL)`,
  `CREATE TABLE invites (
    id text PRIMARY KEY, hash text NOT NULL UNIQUE, "createdAt" bigint NOT NULL, "createdBy" text REFERENCES users (id),
    "usesMax" bigint, uses bigint NOT NULL, "expiresAt" bigint, "revokedAt" bigint)`,
]
