import type { Rows } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import type { Read } from '#store/read.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import { findRoom } from './members.ts'
import { newestMessages } from './messages.ts'

const MESSAGES_IN_SNAPSHOT = 50

/** What a list of rooms shows of one. */
export interface RoomView {
  id: string
  name: string
  kind: string
  seq: number
  posted: number
}

/** room.list: fetched through membership, so that nothing else can be listed. */
export async function listRooms(db: Kysely<Tables>, { actor }: Read): Promise<{ items: RoomView[]; next: null }> {
  const rooms = await db
    .selectFrom('rooms')
    .innerJoin('members', 'members.roomId', 'rooms.id')
    .select(['rooms.id', 'rooms.name', 'rooms.kind'])
    .where('members.id', '=', actor.userId)
    .where('members.endedAt', 'is', null)
    .orderBy('rooms.name')
    .execute()
  const items: RoomView[] = []
  for (const room of rooms) {
    const { seq, posted } = await topicCounter(db, roomTopic(room.id))
    items.push({ ...room, seq, posted })
  }
  return { items, next: null }
}

/** The room and its newest messages; `windows.messages`: the oldest number among them, null when the room begins there. */
export async function roomSnapshot(db: Kysely<Tables>, roomId: string): Promise<{ rows: Rows; windows: { messages: number | null } }> {
  const room = await findRoom(db, roomId)
  const message = await newestMessages(db, roomId, { max: MESSAGES_IN_SNAPSHOT })
  const oldest = message[0]?.n ?? 1
  return { rows: { ...(room && { room: [room] }), message }, windows: { messages: oldest > 1 ? oldest : null } }
}
