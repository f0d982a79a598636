import type { Place } from '@belfry/protocol/rows.ts'
import { UNREAD_MAX } from '@belfry/protocol/limits.ts'
import type { Kysely } from 'kysely'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'

const PLACE_COLUMNS = columnsOf('place') as (keyof Place)[]

/** Also one that has ended. */
export async function findPlace(db: Kysely<Tables>, userId: string, roomId: string): Promise<Place | undefined> {
  return db.selectFrom('places').select(PLACE_COLUMNS).where('userId', '=', userId).where('id', '=', roomId).executeTakeFirst()
}

/** Those that stand. */
export async function placesOf(db: Kysely<Tables>, userId: string): Promise<Place[]> {
  return db.selectFrom('places').select(PLACE_COLUMNS).where('userId', '=', userId).where('endedAt', 'is', null).execute()
}

/** How many standing messages of others lie behind a read marker [N5], up to {@link UNREAD_MAX}. */
export async function unreadIn(db: Kysely<Tables>, of: { roomId: string; userId: string; readTo: number }): Promise<number> {
  const behind = db.selectFrom('messages').select('n').where('roomId', '=', of.roomId).where('n', '>', of.readTo)
  const unread = await behind.where('authorId', '!=', of.userId).where('deletedAt', 'is', null).orderBy('n').limit(UNREAD_MAX).execute()
  return unread.length
}
