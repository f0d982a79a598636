import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Place } from '@belfry/protocol/rows.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { requirePlace } from '#chat/places.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { moveMarker } from './read-markers.ts'

/**
 * room.read: the marker moves on, never behind where another device has moved it, unless it is to go back. A request that comes late and says which
 * state was seen undoes nothing that was marked after it. Refusals: not-found, stale.
 */
export async function readRoom(tx: Tx, { input, actor }: Write<Parsed<'room.read'>>): Promise<Place> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const before = await requirePlace(tx.db, userId, input.roomId)
  return moveMarker(tx, { userId, before, ...input })
}
