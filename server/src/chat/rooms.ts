import type { Result } from '@belfry/protocol/commands.ts'
import type { Room, Rows } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { isGuest } from '#accounts/guests.ts'
import { fold } from '#lib/fold.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Read } from '#store/read.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import { peopleIn } from './directs.ts'
import { membersIn } from './members.ts'
import { newestMessages } from './messages.ts'
import { unreadIn } from './places.ts'
import { reactionsOf } from './reactions.ts'
import { findRoom, type RoomSight } from './standings.ts'

const MESSAGES_IN_SNAPSHOT = 50

type RoomList = Result<'room.list'>

const LISTED = ['id', 'name', 'description', 'kind', 'posting', 'history', 'archivedAt', 'people'] as const

/** room.list: one's own, fetched through membership, and the open ones, which everybody but guests may read and join. */
export async function listRooms(db: Kysely<Tables>, { actor: { userId } }: Pick<Read, 'actor'>): Promise<RoomList> {
  const rooms = await readableRooms(db, userId, { andOpen: !(await isGuest(db, userId)) })
  const items: RoomList['items'] = []
  for (const { people, mentions, ...room } of await withCounters(db, rooms)) {
    const { id: roomId, readTo, posted } = room
    const unread = readTo === null || readTo >= posted ? 0 : await unreadIn(db, { roomId, userId, readTo })
    items.push({ ...room, people: people === null ? null : peopleIn(people), unread, mentions: mentions ?? 0 })
  }
  return { items, next: null }
}

function readableRooms(db: Kysely<Tables>, userId: string, { andOpen }: { andOpen: boolean }) {
  const rooms = db
    .selectFrom('rooms')
    .leftJoin('members', (join) =>
      join.onRef('members.roomId', '=', 'rooms.id').on('members.id', '=', userId).on('members.endedAt', 'is', null),
    )
    .leftJoin('places', (join) => join.onRef('places.id', '=', 'members.roomId').onRef('places.userId', '=', 'members.id'))
    .select([...LISTED.map((column) => `rooms.${column}` as const), 'members.role', 'places.readTo', 'places.mentions'])
    .where((eb) => (andOpen ? eb.or([eb('rooms.kind', '=', 'open'), eb('members.id', 'is not', null)]) : eb('members.id', 'is not', null)))
  return rooms.orderBy('rooms.name').orderBy('rooms.id').execute()
}

/** Every room, for the operator, with how many are in it. */
export async function allRooms(
  db: Kysely<Tables>,
): Promise<(Pick<Room, 'id' | 'name' | 'kind'> & { seq: number; posted: number; members: number })[]> {
  const rooms = await db
    .selectFrom('rooms')
    .leftJoin('members', (join) => join.onRef('members.roomId', '=', 'rooms.id').on('members.endedAt', 'is', null))
    .select((eb) => ['rooms.id', 'rooms.name', 'rooms.kind', eb.fn.count<number>('members.id').as('members')])
    .groupBy(['rooms.id', 'rooms.name', 'rooms.kind'])
    .orderBy('rooms.name')
    .execute()
  return withCounters(db, rooms)
}

async function withCounters<Room extends { id: string }>(
  db: Kysely<Tables>,
  rooms: Room[],
): Promise<(Room & { seq: number; posted: number })[]> {
  const counted: (Room & { seq: number; posted: number })[] = []
  for (const room of rooms) {
    const { seq, posted } = await topicCounter(db, roomTopic(room.id))
    counted.push({ ...room, seq, posted })
  }
  return counted
}

/** The rooms of this name, in whatever case; conversations of two have none. */
export async function roomsNamed(db: Kysely<Tables>, name: string): Promise<Pick<Room, 'id' | 'name'>[]> {
  const rooms = await db.selectFrom('rooms').select(['id', 'name']).where('kind', '!=', 'direct').orderBy('createdAt').execute()
  return rooms.filter((room) => fold(room.name) === fold(name))
}

/** Open rooms are told apart by their names; that a closed one has this name is not given away [A3]. Refusal: name-taken. */
export async function requireFreeName(db: Kysely<Tables>, { id, name, kind }: Pick<Room, 'id' | 'name' | 'kind'>): Promise<void> {
  if (kind !== 'open') return
  const open = await db.selectFrom('rooms').select(['id', 'name']).where('kind', '=', 'open').execute()
  const holder = open.find((room) => room.id !== id && fold(room.name) === fold(name))
  if (holder) throw new Refusal('name-taken', `There is already an open room named ${holder.name}. Choose another name.`)
}

/**
 * The room and the newest of its messages within one's sight, with what stands at them; of a conversation also its people. `windows.messages`:
 * the oldest number among them, null when the room begins there.
 */
export async function roomSnapshot(
  db: Kysely<Tables>,
  roomId: string,
  { after }: RoomSight,
): Promise<{ rows: Rows; windows: { messages: number | null } }> {
  const room = await findRoom(db, roomId)
  const message = await newestMessages(db, { roomId, above: after }, MESSAGES_IN_SNAPSHOT)
  const oldest = message[0]?.n ?? 1
  const [member, reaction] = [room?.kind === 'direct' ? await membersIn(db, roomId) : [], await reactionsOf(db, message)]
  const rows = { ...(room && { room: [room] }), ...(member.length > 0 && { member }), message, reaction }
  return { rows, windows: { messages: oldest > after + 1 ? oldest : null } }
}
