import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'

/** The list of rooms: on a phone a page of its own; on a desk it stands beside every page. */
export const ROOMS_PATH = '/rooms'
export const HOME_PATH = roomPath(GENERAL_ROOM)

/** All rooms that one may see, to join them. */
export const BROWSE_PATH = '/browse'

/** What a room is about, and who is in it. */
export function aboutPath(roomId: string): string {
  return `/about/${roomId}`
}

export function isRoomsPath(path: string): boolean {
  return path.replace(/\/$/, '') === ROOMS_PATH
}

const ROOM_PATH = /^\/rooms\/[^/]+(?:\/[^/]+)?\/?$/

/** Where an address of this server leads to a room, or to a message; null: elsewhere. */
export function roomPathIn(address: string, origin: string): string | null {
  const { origin: of, pathname, search, hash } = new URL(address)
  return of === origin && ROOM_PATH.test(pathname) ? pathname + search + hash : null
}

/** Where a room stands; with a message, the address that leads to it and shows it among those around it. */
export function roomPath(roomId: string, messageId?: string): string {
  return [ROOMS_PATH, roomId, ...(messageId === undefined ? [] : [messageId])].join('/')
}
