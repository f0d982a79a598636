import type { Member, Place } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'

/** How somebody has a room who comes to it, but for what they have read. */
export const NEW_PLACE = {
  notify: 'mentions',
  mentions: 0,
  favouriteAt: null,
  hiddenTo: null,
  endedAt: null,
} as const satisfies Partial<Place>

/** As chat stores its members, whom accounts know nothing of: a place with all read, and the membership. Everybody is in General, but guests. */
export async function joinGeneral(tx: Tx, userId: string): Promise<void> {
  const { posted } = await topicCounter(tx.db, roomTopic(GENERAL_ROOM))
  const place = { id: GENERAL_ROOM, readTo: posted, ...NEW_PLACE }
  await tx.change(userTopic(userId), { kind: 'place', row: place, extra: { userId } })
  const row = { id: userId, roomId: GENERAL_ROOM, role: 'member' as const, joinedAt: tx.now, seesAfter: 0, endedAt: null }
  await tx.change(roomTopic(GENERAL_ROOM), { kind: 'member', row })
}

/** Whoever becomes a guest stays in the rooms that they are in, but for General. */
export async function leaveGeneral(tx: Tx, userId: string): Promise<void> {
  const here = { db: tx.db, userId }
  const [member, place] = [await ownMember(here), await ownPlace(here)]
  if (!member || !place) return
  await tx.change(userTopic(userId), { kind: 'place', row: { ...place, endedAt: tx.now }, extra: { userId } })
  await tx.change(roomTopic(GENERAL_ROOM), { kind: 'member', row: { ...member, endedAt: tx.now } })
  if (place.mentions > 0) tx.promise({ kind: 'place.left', input: { userId, roomId: GENERAL_ROOM }, dueAt: tx.now })
}

async function ownMember({ db, userId }: Pick<Tx, 'db'> & { userId: string }): Promise<Member | undefined> {
  const own = db.selectFrom('members').selectAll().where('roomId', '=', GENERAL_ROOM).where('id', '=', userId)
  return own.where('endedAt', 'is', null).executeTakeFirst()
}

async function ownPlace({ db, userId }: Pick<Tx, 'db'> & { userId: string }): Promise<Place | undefined> {
  const own = db.selectFrom('places').selectAll().where('id', '=', GENERAL_ROOM).where('userId', '=', userId)
  const found = await own.executeTakeFirst()
  if (!found) return undefined
  const { userId: _, ...place } = found
  return place
}
