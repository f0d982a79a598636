import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { findPlace } from '#accounts/memberships.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { moveMarker } from './read-markers.ts'

/** room.read-all: each marker moves on as by room.read, all in one write. Whoever has lost a room meanwhile has read the others all the same. */
export async function readAllRooms(tx: Tx, { input, actor }: Write<Parsed<'room.read-all'>>): Promise<Result<'room.read-all'>> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const items: Result<'room.read-all'>['items'] = []
  for (const { roomId, readTo } of input.rooms) {
    const before = await findPlace(tx.db, userId, roomId)
    if (before?.endedAt === null) items.push(await moveMarker(tx, { userId, before, readTo }))
  }
  return { items }
}
