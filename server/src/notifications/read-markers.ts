import type { Place } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { findPlace } from '#accounts/memberships.ts'
import { changePlace } from '#chat/places.ts'
import { requireStanding } from '#chat/standings.ts'
import { Refusal } from '#lib/refusal.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { markRungRead } from './rung-notifications.ts'

interface Move {
  readTo: number
  /** Also back. */
  back?: true | undefined
  /** The state of the place that was seen: no other one is moved. */
  changed?: number | undefined
}

/** Moves the marker of a place that stands to a number; what rang of what is read then is read too [N4]. Answers the place as it is then. Refusal: stale. */
export async function moveMarker(tx: Tx, { userId, before, ...to }: { userId: string; before: Place } & Move): Promise<Place> {
  const roomId = before.id
  const { posted } = await topicCounter(tx.db, roomTopic(roomId))
  const { seesAfter } = await requireStanding(tx, roomId, userId)
  const wanted = Math.max(seesAfter, Math.min(to.readTo, posted))
  const readTo = to.back ? wanted : Math.max(before.readTo, wanted)
  if (readTo !== before.readTo && to.changed !== undefined && to.changed !== before.changed)
    throw new Refusal('stale', 'The place has changed meanwhile.', { row: { ...before } })
  await changePlace(tx, userId, { before, after: { ...before, readTo } })
  await markRungRead(tx, { userId, roomId, upTo: readTo })
  return (await findPlace(tx.db, userId, roomId))!
}
