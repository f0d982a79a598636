import { type Kysely, sql } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** Conversations, people who are blocked, what rings, whom a text names, and work that is promised. */
export const conversations = {
  async up(db: Kysely<Tables>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

// Spelled so that SQLite and PostgreSQL both take it.
const STATEMENTS = [
  `ALTER TABLE rooms ADD COLUMN history text NOT NULL DEFAULT 'whole'`,
  `ALTER TABLE rooms ADD COLUMN people text`,
  `CREATE INDEX rooms_people ON rooms (people) WHERE people IS NOT NULL`,
  `ALTER TABLE members ADD COLUMN "seesAfter" bigint NOT NULL DEFAULT 0`,
  `CREATE INDEX members_standing ON members (id, "roomId") WHERE "endedAt" IS NULL`,

  `ALTER TABLE places ADD COLUMN notify text NOT NULL DEFAULT 'mentions'`,
  `ALTER TABLE places ADD COLUMN mentions bigint NOT NULL DEFAULT 0`,
  `ALTER TABLE places ADD COLUMN "favouriteAt" bigint`,
  `ALTER TABLE places ADD COLUMN "hiddenTo" bigint`,
  `CREATE INDEX places_room ON places (id, "userId") WHERE "endedAt" IS NULL`,
  `CREATE INDEX places_everything ON places (id) WHERE notify = 'everything' AND "endedAt" IS NULL`,

  `ALTER TABLE messages ADD COLUMN "replyTo" text`,
  `ALTER TABLE messages ADD COLUMN names text NOT NULL DEFAULT '{}'`,

  `ALTER TABLE notifications ADD COLUMN "roomId" text REFERENCES rooms (id)`,
  `ALTER TABLE notifications ADD COLUMN n bigint`,
  `CREATE INDEX notifications_rung ON notifications ("userId", "roomId") WHERE "roomId" IS NOT NULL AND "readAt" IS NULL`,
  `CREATE INDEX notifications_said ON notifications ("roomId", n) WHERE "roomId" IS NOT NULL`,

  `CREATE TABLE blocks (
    id text NOT NULL REFERENCES users (id), "userId" text NOT NULL REFERENCES users (id), changed bigint NOT NULL,
    "createdAt" bigint NOT NULL, "endedAt" bigint, PRIMARY KEY ("userId", id))`,
  `CREATE INDEX blocks_changed ON blocks ("userId", changed)`,

  `CREATE TABLE jobs (
    id text NOT NULL PRIMARY KEY, kind text NOT NULL, input text NOT NULL, "dueAt" bigint NOT NULL, tries bigint NOT NULL DEFAULT 0,
    "claimedUntil" bigint, "failedAt" bigint)`,
  `CREATE INDEX jobs_due ON jobs ("dueAt") WHERE "failedAt" IS NULL`,
]
