import { GENERAL_ROOM, roomTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '#store/schema.ts'

export const first = {
  async up(db: Kysely<Tables>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
    await sql`INSERT INTO workspace (id, changed, name) VALUES ('workspace', 1, 'Belfry')`.execute(db)
    await sql`INSERT INTO rooms (id, changed, name, kind, "createdAt") VALUES (${GENERAL_ROOM}, 1, 'General', 'open', ${Date.now()})`.execute(
      db,
    )
    const counter = { seq: 1, floor: 0, posted: 0 }
    await db
      .insertInto('topics')
      .values([
        { topic: WORKSPACE_TOPIC, ...counter },
        { topic: roomTopic(GENERAL_ROOM), ...counter },
      ])
      .execute()
  },
}

// Spelled so that SQLite and PostgreSQL both take it.
const STATEMENTS = [
  `CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL)`,
  `CREATE TABLE topics (topic text PRIMARY KEY, seq bigint NOT NULL, floor bigint NOT NULL, posted bigint NOT NULL)`,

  `CREATE TABLE workspace (id text PRIMARY KEY, changed bigint NOT NULL, name text NOT NULL)`,
  `CREATE TABLE users (
    id text PRIMARY KEY, changed bigint NOT NULL, username text NOT NULL, folded text NOT NULL UNIQUE, name text NOT NULL,
    role text NOT NULL, "createdAt" bigint NOT NULL, "disabledAt" bigint)`,
  `CREATE INDEX users_changed ON users (changed)`,
  `CREATE TABLE passwords ("userId" text PRIMARY KEY REFERENCES users (id), hash text NOT NULL)`,

  `CREATE TABLE rooms (id text PRIMARY KEY, changed bigint NOT NULL, name text NOT NULL, kind text NOT NULL, "createdAt" bigint NOT NULL)`,
  `CREATE TABLE members (
    id text NOT NULL REFERENCES users (id), "roomId" text NOT NULL REFERENCES rooms (id), changed bigint NOT NULL,
    role text NOT NULL, "joinedAt" bigint NOT NULL, "endedAt" bigint, PRIMARY KEY ("roomId", id))`,
  `CREATE INDEX members_changed ON members ("roomId", changed)`,
  `CREATE INDEX members_user ON members (id)`,
  `CREATE TABLE messages (
    id text PRIMARY KEY, "roomId" text NOT NULL REFERENCES rooms (id), n bigint NOT NULL, changed bigint NOT NULL,
    "authorId" text NOT NULL REFERENCES users (id), body text NOT NULL, "createdAt" bigint NOT NULL, "editedAt" bigint, "deletedAt" bigint)`,
  `CREATE UNIQUE INDEX messages_n ON messages ("roomId", n)`,
  `CREATE INDEX messages_changed ON messages ("roomId", changed)`,

  `CREATE TABLE notifications (
    id text PRIMARY KEY, "userId" text NOT NULL REFERENCES users (id), since bigint NOT NULL, changed bigint NOT NULL, kind text NOT NULL,
    title text NOT NULL, body text, url text, key text, category text, priority text NOT NULL, "createdAt" bigint NOT NULL,
    "seenAt" bigint, "readAt" bigint, "archivedAt" bigint, "deletedAt" bigint)`,
  `CREATE UNIQUE INDEX notifications_key ON notifications ("userId", key)`,
  `CREATE INDEX notifications_changed ON notifications ("userId", changed)`,
  `CREATE INDEX notifications_all ON notifications ("userId", id) WHERE "archivedAt" IS NULL AND "deletedAt" IS NULL`,
  `CREATE INDEX notifications_unread ON notifications ("userId", id) WHERE "readAt" IS NULL AND "archivedAt" IS NULL AND "deletedAt" IS NULL`,
  `CREATE INDEX notifications_unseen ON notifications ("userId", id) WHERE "seenAt" IS NULL AND "archivedAt" IS NULL AND "deletedAt" IS NULL`,
  `CREATE INDEX notifications_archived ON notifications ("userId", id) WHERE "archivedAt" IS NOT NULL AND "deletedAt" IS NULL`,
  `CREATE TABLE counts (
    "userId" text PRIMARY KEY REFERENCES users (id), id text NOT NULL, changed bigint NOT NULL, unread bigint NOT NULL, unseen bigint NOT NULL)`,

  `CREATE TABLE sessions (
    id text PRIMARY KEY, "userId" text NOT NULL REFERENCES users (id), changed bigint NOT NULL, device text NOT NULL,
    "createdAt" bigint NOT NULL, "endedAt" bigint)`,
  `CREATE INDEX sessions_changed ON sessions ("userId", changed)`,
  `CREATE TABLE tokens (
    hash text PRIMARY KEY, "sessionId" text NOT NULL REFERENCES sessions (id), "userId" text NOT NULL, "expiresAt" bigint NOT NULL)`,
  `CREATE INDEX tokens_session ON tokens ("sessionId")`,

  `CREATE TABLE keys (
    id text PRIMARY KEY, name text NOT NULL, hash text NOT NULL UNIQUE, scopes text NOT NULL,
    "createdAt" bigint NOT NULL, "usedAt" bigint, "revokedAt" bigint)`,
  `CREATE TABLE idempotency (
    caller text NOT NULL, key text NOT NULL, fingerprint text NOT NULL, result text NOT NULL, "createdAt" bigint NOT NULL, PRIMARY KEY (caller, key))`,
  `CREATE INDEX idempotency_age ON idempotency ("createdAt")`,
]
