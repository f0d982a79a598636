import { NAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { line } from '@belfry/protocol/text.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { roomsNamed } from '@belfry/server/chat/rooms.ts'
import type { History } from '@belfry/server/imports/history.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { accept } from '#accept.ts'

/** The room of this name, or one to make; General unless a name was given. Refusals: malformed, conflict. */
export async function roomFor(store: Store, given: string | undefined): Promise<History['room']> {
  if (given === undefined) return { id: GENERAL_ROOM, name: 'General' }
  const name = accept(line(NAME_MAX_CHARS), given, 'room').trim()
  const found = await store.read((db) => roomsNamed(db, name))
  if (found.length > 1) throw new Refusal('conflict', `There are ${found.length} rooms named ${name}. Which one is meant?`)
  return found[0] ?? { id: uuidv7(), name }
}
