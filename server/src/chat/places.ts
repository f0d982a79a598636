import type { Place } from '@belfry/protocol/rows.ts'
import { UNREAD_MAX } from '@belfry/protocol/limits.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { chunks } from '#lib/chunks.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { noSuchRoom } from './standings.ts'

const PLACE_COLUMNS = columnsOf('place') as (keyof Place)[]

/** Also one that has ended. */
export async function findPlace(db: Kysely<Tables>, userId: string, roomId: string): Promise<Place | undefined> {
  return db.selectFrom('places').select(PLACE_COLUMNS).where('userId', '=', userId).where('id', '=', roomId).executeTakeFirst()
}

/** One that stands. Refusal: not-found [A3]. */
export async function requirePlace(db: Kysely<Tables>, userId: string, roomId: string): Promise<Place> {
  const place = await findPlace(db, userId, roomId)
  if (!place || place.endedAt !== null) throw noSuchRoom()
  return place
}

/** Those that these people have in these rooms, each with whose it is; also those that have ended. */
export async function placesAmong(
  db: Kysely<Tables>,
  { userIds, roomIds }: { userIds: string[]; roomIds: string[] },
): Promise<(Place & { userId: string })[]> {
  if (roomIds.length === 0) return []
  const among = db
    .selectFrom('places')
    .select(['userId', ...PLACE_COLUMNS])
    .where('id', 'in', roomIds)
  return among.where('userId', 'in', userIds).execute()
}

const PEOPLE_A_QUERY = 1_000

/** How many notifications of what was said in these rooms wait for these people: what a place's `mentions` say. By user id and room id. */
export async function waitingMentions(
  db: Kysely<Tables>,
  among: { userIds: Iterable<string>; roomIds: Iterable<string> },
): Promise<{ of(userId: string, roomId: string): number }> {
  const [userIds, roomIds] = [[...new Set(among.userIds)], [...new Set(among.roomIds)]]
  const counts = new Map<string, number>()
  for (const some of chunks(userIds, PEOPLE_A_QUERY)) {
    const waiting = db.selectFrom('notifications').where('roomId', 'in', roomIds).where('userId', 'in', some)
    const rows = await waiting
      .select((eb) => ['userId', 'roomId', eb.fn.countAll<number>().as('count')])
      .where('readAt', 'is', null)
      .where('archivedAt', 'is', null)
      .where('deletedAt', 'is', null)
      .groupBy(['userId', 'roomId'])
      .execute()
    for (const { userId, roomId, count } of rows) counts.set(`${userId} ${roomId}`, count)
  }
  return { of: (userId, roomId) => counts.get(`${userId} ${roomId}`) ?? 0 }
}

/** Its new state; the same one again changes nothing and spends no seq. */
export async function changePlace(tx: Tx, userId: string, { before, after }: { before: Place; after: Place }): Promise<Place> {
  if (PLACE_COLUMNS.every((column) => before[column] === after[column])) return before
  return tx.change(userTopic(userId), { kind: 'place', row: after, extra: { userId } })
}

/** Has it listed again. */
export function showPlace(tx: Tx, userId: string, before: Place): Promise<Place> {
  return changePlace(tx, userId, { before, after: { ...before, hiddenTo: null } })
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
