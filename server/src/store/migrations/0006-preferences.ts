import { type Kysely, sql } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** What people have chosen for themselves. */
export const preferences = {
  async up(db: Kysely<Tables>): Promise<void> {
    await sql
      .raw(
        `CREATE TABLE preferences (
          "userId" text PRIMARY KEY REFERENCES users (id), id text NOT NULL, changed bigint NOT NULL, "dndUntil" bigint)`,
      )
      .execute(db)
  },
}
