import type { ListedRoom } from '@belfry/client/belfry.ts'
import { inListOrder } from './room-order.ts'

export interface RoomSection {
  is: 'unread' | 'favourites' | 'rooms' | 'conversations'
  rooms: readonly ListedRoom[]
}

interface Seen {
  /** The one on the page. */
  current: string | null
  /** Those that stood among the unread before: the one that is being read stays there until one leaves it. */
  unread: ReadonlySet<string>
  nameOf: (room: ListedRoom) => string
}

/** The rooms beside every page, each once: what is new, what one likes, and all others that one is in; and the one on the page. */
export function sectionsOf(rooms: readonly ListedRoom[], { current, unread, nameOf }: Seen): RoomSection[] {
  const named = rooms.map((room) => ({ ...room, name: nameOf(room) }))
  const shown = inListOrder(named.filter((room) => room.id === current || isListed(room)))
  const isNew = (room: ListedRoom) => hasNews(room) || (room.id === current && unread.has(room.id))
  const groups = Map.groupBy(shown, (room): RoomSection['is'] => {
    if (isNew(room)) return 'unread'
    if (room.favouriteAt !== null) return 'favourites'
    return room.people === null ? 'rooms' : 'conversations'
  })
  return (['unread', 'favourites', 'rooms', 'conversations'] as const).map((is) => ({ is, rooms: groups.get(is) ?? [] }))
}

/** Whether something waits there: of a room of which one wants to hear nothing it does not. */
export function hasNews({ role, unread, mentions, notify, archivedAt }: ListedRoom): boolean {
  return role !== null && archivedAt === null && (mentions > 0 || (unread > 0 && notify !== 'nothing'))
}

/** One's own that are in use and not hidden. */
export function isListed({ role, archivedAt, hiddenTo, posted }: ListedRoom): boolean {
  return role !== null && archivedAt === null && (hiddenTo === null || posted > hiddenTo)
}

/** In the order in which they stand; the next one with something new, or null. */
export function roomBeside(
  rooms: readonly ListedRoom[],
  from: { current: string | null; step: 1 | -1; isToNews: boolean },
): ListedRoom | null {
  const at = rooms.findIndex(({ id }) => id === from.current)
  const length = rooms.length
  for (let walked = 1; walked <= length; walked++) {
    const start = at < 0 && from.step < 0 ? length : at
    const room = rooms[(start + from.step * walked + length * 2) % length]
    if (room && room.id !== from.current && (!from.isToNews || hasNews(room))) return room
  }
  return null
}
