import type { ListedRoom } from '@belfry/client/belfry.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'

/** As a reader would put names in order: 'Room 2' before 'Room 17'. */
export const byName = new Intl.Collator(undefined, { numeric: true }).compare

/** General, where everybody is, then the others by their names. */
export function inListOrder(rooms: readonly ListedRoom[]): ListedRoom[] {
  return rooms.toSorted((a, b) => rank(a) - rank(b) || byName(a.name, b.name) || (a.id < b.id ? -1 : 1))
}

function rank({ id }: ListedRoom): number {
  return id === GENERAL_ROOM ? 0 : 1
}
