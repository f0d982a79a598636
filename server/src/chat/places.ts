import type { Place } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { findPlace, PLACE_COLUMNS } from '#accounts/memberships.ts'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { noSuchRoom } from './standings.ts'

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
  if (userIds.length === 0 || roomIds.length === 0) return []
  const among = db
    .selectFrom('places')
    .select(['userId', ...PLACE_COLUMNS])
    .where('id', 'in', roomIds)
  return among.where('userId', 'in', userIds).execute()
}

/** Those that stand in a room and have nothing unread there [N5], each with whose it is. */
export async function placesReadUp(db: Kysely<Tables>, roomId: string): Promise<(Place & { userId: string })[]> {
  const standing = db
    .selectFrom('places')
    .select(['userId', ...PLACE_COLUMNS])
    .where('id', '=', roomId)
    .where('endedAt', 'is', null)
  return standing
    .where(({ not, exists, selectFrom }) => {
      const behind = selectFrom('messages').select('messages.id').where('messages.roomId', '=', roomId)
      const ofOthers = behind.whereRef('messages.n', '>', 'places.readTo').whereRef('messages.authorId', '!=', 'places.userId')
      return not(exists(ofOthers.where('messages.deletedAt', 'is', null)))
    })
    .execute()
}

/** Moves these on to a number up to which all counts as read: where nothing rings. Their topics are locked. */
export async function moveOn(tx: Tx, places: (Place & { userId: string })[], readTo: number): Promise<void> {
  await tx.changeEach(
    'place',
    places.map(({ userId, changed: _, ...place }) => ({ topic: userTopic(userId), row: { ...place, readTo }, extra: { userId } })),
  )
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
  return placesOfOne(db, [userId])
}

const placesOfOne = compiledOnce((db, [userId]: [string]) =>
  db.selectFrom('places').select(PLACE_COLUMNS).where('userId', '=', userId).where('endedAt', 'is', null),
)

/** In which rooms each of these people has one that stands. */
export async function roomsOf(db: Kysely<Tables>, userIds: string[]): Promise<Map<string, string[]>> {
  const rooms = new Map(userIds.map((userId): [string, string[]] => [userId, []]))
  for (const { userId, id } of await standingPlaces(db, rounded(userIds))) rooms.get(userId)!.push(id)
  return rooms
}

const standingPlaces = compiledOnce((db, userIds: string[]) =>
  db.selectFrom('places').select(['userId', 'id']).where('userId', 'in', userIds).where('endedAt', 'is', null),
)
