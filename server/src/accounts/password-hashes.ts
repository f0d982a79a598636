import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** What somebody's password is verified against; undefined: they have none. */
export async function findPasswordHash(db: Kysely<Tables>, userId: string): Promise<string | undefined> {
  const found = await db.selectFrom('passwords').select('hash').where('userId', '=', userId).executeTakeFirst()
  return found?.hash
}

/** Puts a password in the place of the one before. */
export async function storePasswordHash(db: Kysely<Tables>, userId: string, hash: string): Promise<void> {
  await db
    .insertInto('passwords')
    .values({ userId, hash })
    .onConflict((conflict) => conflict.column('userId').doUpdateSet({ hash }))
    .execute()
}
