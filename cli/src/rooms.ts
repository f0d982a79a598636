import { allRooms, roomsNamed } from '@belfry/server/chat/rooms.ts'
import { findRoom } from '@belfry/server/chat/standings.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { onData } from './data.ts'
import { inDigits, print, type Printing, table } from './print.ts'

export async function listRooms(options: Printing): Promise<void> {
  const items = await onData((store) => store.read(allRooms))
  const rows = items.map((room) => [room.id, room.name, room.kind, inDigits(room.members), inDigits(room.posted)])
  print(options, { document: { items, next: null }, text: table(['ID', 'NAME', 'KIND', 'MEMBERS', 'MESSAGES'], rows) })
}

/** Of the room with this id, or of the one of this name. */
export async function roomIdOf(store: Store, given: string): Promise<string> {
  if (await store.read((db) => findRoom(db, given))) return given
  const found = await store.read((db) => roomsNamed(db, given))
  if (found.length === 1) return found[0]!.id
  if (found.length === 0) throw new Refusal('not-found', `There is no room with the id or name ${given}.`)
  throw new Refusal('conflict', `${found.length} rooms are named ${given}. Name one by its id; \`belfry room list\` shows them.`)
}
