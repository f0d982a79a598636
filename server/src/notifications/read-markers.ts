import type { Place } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { findPlace } from '#accounts/memberships.ts'
import { changePlace } from '#chat/places.ts'
import { requireStanding } from '#chat/standings.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { markRungRead } from './rung-notifications.ts'

/** Moves the marker of a place that stands on to a number, or also back; what rang of what is read then is read too [N4]. Answers the place as it is then. */
export async function moveMarker(
  tx: Tx,
  { userId, before, ...to }: { userId: string; before: Place; readTo: number; back?: true | undefined },
): Promise<Place> {
  const roomId = before.id
  const { posted } = await topicCounter(tx.db, roomTopic(roomId))
  const { seesAfter } = await requireStanding(tx, roomId, userId)
  const wanted = Math.max(seesAfter, Math.min(to.readTo, posted))
  const readTo = to.back ? wanted : Math.max(before.readTo, wanted)
  await changePlace(tx, userId, { before, after: { ...before, readTo } })
  await markRungRead(tx, { userId, roomId, upTo: readTo })
  return (await findPlace(tx.db, userId, roomId))!
}
