import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Place } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { changePlace, requirePlace } from './places.ts'

type Update = Parsed<'place.update'>

/** place.update: what rings, whether it is a favourite, whether it is listed. One's own alone. Refusal: not-found. */
export async function updatePlace(tx: Tx, { input, actor }: Write<Update>): Promise<Place> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const before = await requirePlace(tx.db, userId, input.roomId)
  const { posted } = await topicCounter(tx.db, roomTopic(input.roomId))
  return changePlace(tx, userId, { before, after: updated(before, input, { now: tx.now, posted }) })
}

function updated(place: Place, { notify, isFavourite, isHidden }: Update, at: { now: number; posted: number }): Place {
  return {
    ...place,
    notify: notify ?? place.notify,
    favouriteAt: isFavourite === undefined ? place.favouriteAt : isFavourite ? (place.favouriteAt ?? at.now) : null,
    hiddenTo: isHidden === undefined ? place.hiddenTo : isHidden ? at.posted : null,
  }
}
