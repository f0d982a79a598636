import { type Kysely, sql } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** Reactions, which stand beside their messages by number; and what messages said before they were edited. */
export const reactions = {
  async up(db: Kysely<Tables>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

// Spelled so that SQLite and PostgreSQL both take it.
const STATEMENTS = [
  `CREATE TABLE reactions (
    id text PRIMARY KEY, "roomId" text NOT NULL REFERENCES rooms (id), changed bigint NOT NULL,
    "messageId" text NOT NULL REFERENCES messages (id), n bigint NOT NULL, "userId" text NOT NULL REFERENCES users (id),
    emoji text NOT NULL, "createdAt" bigint NOT NULL, "endedAt" bigint)`,
  `CREATE INDEX reactions_changed ON reactions ("roomId", changed)`,
  `CREATE INDEX reactions_n ON reactions ("roomId", n)`,

  `CREATE TABLE versions (
    "messageId" text NOT NULL REFERENCES messages (id), changed bigint NOT NULL, body text NOT NULL, "createdAt" bigint NOT NULL,
    PRIMARY KEY ("messageId", changed))`,
]
