import { type Kysely, sql } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** What a room is about and who may write there; a place for each membership, with all read so far. */
export const rooms = {
  async up(db: Kysely<Tables>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

// Spelled so that SQLite and PostgreSQL both take it. Places are new rows of their people's topics: each topic's seq counts one change.
const STATEMENTS = [
  `ALTER TABLE rooms ADD COLUMN description text NOT NULL DEFAULT ''`,
  `ALTER TABLE rooms ADD COLUMN posting text NOT NULL DEFAULT 'members'`,
  `ALTER TABLE rooms ADD COLUMN "archivedAt" bigint`,
  `ALTER TABLE rooms ADD COLUMN "createdBy" text REFERENCES users (id)`,

  `CREATE TABLE places (
    id text NOT NULL REFERENCES rooms (id), "userId" text NOT NULL REFERENCES users (id), changed bigint NOT NULL,
    "readTo" bigint NOT NULL, "endedAt" bigint, PRIMARY KEY ("userId", id))`,
  `CREATE INDEX places_changed ON places ("userId", changed)`,
  `INSERT INTO topics (topic, seq, floor, posted) SELECT DISTINCT 'user:' || id, 1, 0, 0 FROM members WHERE true
    ON CONFLICT (topic) DO UPDATE SET seq = topics.seq + 1`,
  `INSERT INTO places (id, "userId", changed, "readTo", "endedAt")
    SELECT members."roomId", members.id, own.seq, room.posted, members."endedAt" FROM members
    JOIN topics AS own ON own.topic = 'user:' || members.id JOIN topics AS room ON room.topic = 'room:' || members."roomId"`,
]
