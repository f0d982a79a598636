import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'
import { isGuest, knownToGuest } from './guests.ts'

/** `picture`: its name. `type`: as it was found to be, not as somebody said. */
export type Picture = Omit<Tables['pictures'], 'userId'>

/** Somebody's present picture, if it has this name. A guest sees those of the people they know of. */
export async function findPicture(
  db: Kysely<Tables>,
  lookerId: string,
  { userId, picture }: { userId: string; picture: string },
): Promise<Picture | undefined> {
  const seen = (await isGuest(db, lookerId)) ? await knownToGuest(db, lookerId, [{ id: userId, importedFrom: null }]) : [userId]
  if (seen.length === 0) return undefined
  const found = db.selectFrom('pictures').select(['picture', 'type', 'base64']).where('userId', '=', userId)
  return found.where('picture', '=', picture).executeTakeFirst()
}

/** One a person: the one before goes. */
export async function replacePicture(db: Kysely<Tables>, userId: string, picture: Picture | null): Promise<void> {
  await db.deleteFrom('pictures').where('userId', '=', userId).execute()
  if (picture)
    await db
      .insertInto('pictures')
      .values({ userId, ...picture })
      .execute()
}
