import type { ListedRoom } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { foldedForSearch } from './folded.ts'
import { otherOf } from './room-names.ts'
import { byName } from './room-order.ts'
import { hasNews } from './room-sections.ts'

/** Where the switcher may lead. */
export type Place = { is: 'room'; name: string; room: ListedRoom } | { is: 'person'; name: string; person: User }

const PLACES_MAX = 30

interface Known {
  rooms: readonly ListedRoom[]
  people: readonly User[]
  nameOf: (room: ListedRoom) => string
  ownId: string
}

/** Pure: rooms whose name holds the words, and people with whom there is no conversation yet. Whatever is called just so comes first, then what begins so, and among these what calls for one, then what is new. */
export function placesFor(words: string, { rooms, people, nameOf, ownId }: Known): Place[] {
  const sought = foldedForSearch(words.trim())
  const own = rooms.filter(({ role, kind }) => role !== null || kind === 'open')
  const places: Place[] = own.map((room) => ({ is: 'room', name: nameOf(room), room }))
  const talked = new Set(own.map((room) => otherOf(room, ownId)))
  for (const person of people) if (person.id !== ownId && !talked.has(person.id)) places.push({ is: 'person', name: person.name, person })
  const matching = places.filter((place) => place.is === 'person' || foldedForSearch(place.name).includes(sought))
  return matching.toSorted((a, b) => rank(a, sought) - rank(b, sought) || byName(a.name, b.name)).slice(0, PLACES_MAX)
}

function rank(place: Place, sought: string): number {
  return nameRank(place, sought) + (place.is === 'person' ? 4 : roomRank(place.room))
}

function nameRank(place: Place, sought: string): number {
  const name = foldedForSearch(place.name)
  if (sought === '') return 0
  if (name === sought || (place.is === 'person' && foldedForSearch(place.person.username) === sought)) return 0
  // A group is called by whoever is first in it.
  const isGroup = place.is === 'room' && place.room.people !== null && !place.room.isPair
  return name.startsWith(sought) && !isGroup ? 5 : 10
}

function roomRank(room: ListedRoom): number {
  if (room.role === null || room.archivedAt !== null) return 3
  if (!hasNews(room)) return 2
  return room.mentions > 0 ? 0 : 1
}
