import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Place } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { findPlace } from '#accounts/memberships.ts'
import { changePlace, requirePlace } from '#chat/places.ts'
import { requireStanding } from '#chat/standings.ts'
import type { Write } from '#store/batch.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { markRungRead } from './rung-notifications.ts'

/**
 * room.read: the marker moves on, never behind where another device has moved it, unless it is to go back; what rang of what is read then is
 * read too [N4]. Refusal: not-found.
 */
export async function readRoom(tx: Tx, { input, actor }: Write<Parsed<'room.read'>>): Promise<Place> {
  const { roomId } = input
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const before = await requirePlace(tx.db, userId, roomId)
  const { posted } = await topicCounter(tx.db, roomTopic(roomId))
  const { seesAfter } = await requireStanding(tx, roomId, userId)
  const wanted = Math.max(seesAfter, Math.min(input.readTo, posted))
  const readTo = input.back ? wanted : Math.max(before.readTo, wanted)
  await changePlace(tx, userId, { before, after: { ...before, readTo } })
  await markRungRead(tx, { userId, roomId, upTo: readTo })
  return (await findPlace(tx.db, userId, roomId))!
}
