import { type Kysely, sql } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** Finds the accounts that changed last, however many people of elsewhere stand among them. */
export const imports = {
  async up(db: Kysely<Tables>): Promise<void> {
    await sql`CREATE INDEX users_ordinary ON users (changed) WHERE "importedFrom" IS NULL`.execute(db)
  },
}
