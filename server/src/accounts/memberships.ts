import type { Member, Place } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { chunks } from '#lib/chunks.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'

export const MEMBER_COLUMNS = columnsOf('member') as (keyof Member)[]
export const PLACE_COLUMNS = columnsOf('place') as (keyof Place)[]

/** How somebody has a room who comes to it, but for what they have read, and for what waits for them from before. */
export const NEW_PLACE = {
  notify: 'mentions',
  mentions: 0,
  favouriteAt: null,
  hiddenTo: null,
  endedAt: null,
} as const satisfies Partial<Place>

/** Also one whose membership has ended. */
export async function findMember(db: Kysely<Tables>, roomId: string, userId: string): Promise<Member | undefined> {
  return db.selectFrom('members').select(MEMBER_COLUMNS).where('roomId', '=', roomId).where('id', '=', userId).executeTakeFirst()
}

/** Also one that has ended. */
export async function findPlace(db: Kysely<Tables>, userId: string, roomId: string): Promise<Place | undefined> {
  return db.selectFrom('places').select(PLACE_COLUMNS).where('userId', '=', userId).where('id', '=', roomId).executeTakeFirst()
}

/** How somebody comes to a room: its messages up to `posted` count as read. `place`: what of their place is not as usual. */
export interface Coming extends Pick<Member, 'roomId' | 'role' | 'seesAfter'> {
  userId: string
  posted: number
  place?: Partial<Pick<Place, 'notify' | 'hiddenTo'>> | undefined
}

/** A membership is two rows, the person's place and the room's member. Their topics and the rooms' are locked. */
export async function storeMemberships(tx: Tx, comings: Coming[]): Promise<Member[]> {
  // Who comes back may have left something unread.
  const waiting = await waitingMentions(tx.db, {
    userIds: comings.map(({ userId }) => userId),
    roomIds: comings.map(({ roomId }) => roomId),
  })
  await tx.changeEach(
    'place',
    comings.map(({ roomId, userId, posted, place }) => ({
      topic: userTopic(userId),
      row: { id: roomId, readTo: posted, ...NEW_PLACE, mentions: waiting.of(userId, roomId), ...place },
      extra: { userId },
    })),
  )
  return tx.changeEach(
    'member',
    comings.map(({ roomId, userId, role, seesAfter }) => ({
      topic: roomTopic(roomId),
      row: { id: userId, roomId, role, joinedAt: tx.now, seesAfter, endedAt: null },
    })),
  )
}

/** Ends both; what rang there waits for nobody from then on. */
export async function endMembership(tx: Tx, member: Member): Promise<Member> {
  const { id: userId, roomId } = member
  const place = (await findPlace(tx.db, userId, roomId))!
  await tx.change(userTopic(userId), { kind: 'place', row: { ...place, endedAt: tx.now }, extra: { userId } })
  if (place.mentions > 0) tx.promise({ kind: 'place.left', input: { userId, roomId }, dueAt: tx.now })
  return tx.change(roomTopic(roomId), { kind: 'member', row: { ...member, endedAt: tx.now } })
}

/** Brings an account into these rooms. Everybody is in General, but guests. */
export async function joinRooms(tx: Tx, userId: string, roomIds: string[]): Promise<void> {
  const comings: Coming[] = []
  for (const roomId of roomIds) comings.push({ roomId, userId, role: 'member', ...(await beginIn(tx.db, roomId)) })
  if (comings.length > 0) await storeMemberships(tx, comings)
}

/** How many messages there are, and which of them a newcomer does not see. */
export async function beginIn(db: Kysely<Tables>, roomId: string): Promise<Pick<Coming, 'posted' | 'seesAfter'>> {
  const { posted } = await topicCounter(db, roomTopic(roomId))
  const room = await db.selectFrom('rooms').select(['kind', 'history']).where('id', '=', roomId).executeTakeFirst()
  return { posted, seesAfter: room?.history === 'since-joined' && room.kind !== 'open' ? posted : 0 }
}

/** Whoever becomes a guest stays in the rooms that they are in, but for General. */
export async function leaveGeneral(tx: Tx, userId: string): Promise<void> {
  const member = await findMember(tx.db, GENERAL_ROOM, userId)
  if (member?.endedAt === null) await endMembership(tx, member)
}

const PEOPLE_A_QUERY = 1_000

/** How many notifications of what was said in these rooms wait for these people: what a place's `mentions` say. By user id and room id. */
export async function waitingMentions(
  db: Kysely<Tables>,
  among: { userIds: Iterable<string>; roomIds: Iterable<string> },
): Promise<{ of(userId: string, roomId: string): number }> {
  const [userIds, roomIds] = [[...new Set(among.userIds)], [...new Set(among.roomIds)]]
  const counts = new Map<string, number>()
  if (roomIds.length === 0) return { of: () => 0 }
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
