import { type Kysely, sql } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** What whoever accepts an invitation comes as, and into which rooms: those of before make members. */
export const invitations = {
  async up(db: Kysely<Tables>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

// Spelled so that SQLite and PostgreSQL both take it.
const STATEMENTS = [
  `ALTER TABLE invites ADD COLUMN role text NOT NULL DEFAULT 'member'`,
  `ALTER TABLE invites ADD COLUMN rooms text NOT NULL DEFAULT ''`,
]
