import { replaceAsLoaded } from '#bench/checker/teeth/as-loaded.ts'

/** Loaded ahead of `belfry` by `--import`: makes of it the release after this one, whose database has seen a migration more. */
const NEXT = `const MIGRATIONS = {
  '9999-next': {
    async up(db: Kysely<Tables>): Promise<void> {
      await sql.raw('ALTER TABLE messages ADD COLUMN mood text').execute(db)
      await sql.raw('CREATE TABLE moods (id text PRIMARY KEY, "messageId" text NOT NULL REFERENCES messages (id))').execute(db)
      await sql.raw('CREATE INDEX "moodsByMessage" ON moods ("messageId")').execute(db)
    },
  },
`

replaceAsLoaded([{ file: 'server/src/store/migrate.ts', from: 'const MIGRATIONS = {\n', to: NEXT }])
