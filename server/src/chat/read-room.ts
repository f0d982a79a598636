import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Place } from '@belfry/protocol/rows.ts'
import { roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { findPlace } from './places.ts'
import { noSuchRoom } from './standings.ts'

/** room.read: the marker moves on, never behind where another device has moved it, unless it is to go back. Refusal: not-found. */
export async function readRoom(tx: Tx, { input, actor }: Write<Parsed<'room.read'>>): Promise<Place> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const place = await findPlace(tx.db, userId, input.roomId)
  if (!place || place.endedAt !== null) throw noSuchRoom()
  const { posted } = await topicCounter(tx.db, roomTopic(input.roomId))
  const wanted = Math.min(input.readTo, posted)
  const readTo = input.back ? wanted : Math.max(place.readTo, wanted)
  if (readTo === place.readTo) return place
  return tx.change(userTopic(userId), { kind: 'place', row: { ...place, readTo }, extra: { userId } })
}
