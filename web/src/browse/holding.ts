import type { ListedRoom } from '@belfry/client/belfry.ts'

/** Those whose name or description holds these words, in whatever case. */
export function holding(rooms: readonly ListedRoom[], words: string): ListedRoom[] {
  const sought = words.trim().toLocaleLowerCase()
  return rooms.filter(({ name, description }) => `${name}\n${description}`.toLocaleLowerCase().includes(sought))
}
