import { allRooms } from '@belfry/server/chat/rooms.ts'
import { onData } from './data.ts'
import { print, type Printing, table } from './print.ts'

export async function listRooms(options: Printing): Promise<void> {
  const items = await onData((store) => store.read(allRooms))
  const rows = items.map((room) => [room.id, room.name, room.kind, String(room.members), String(room.posted)])
  print(options, { document: { items, next: null }, text: table(['ID', 'NAME', 'KIND', 'MEMBERS', 'MESSAGES'], rows) })
}
