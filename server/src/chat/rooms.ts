import type { Result } from '@belfry/protocol/commands.ts'
import { UNREAD_MAX } from '@belfry/protocol/limits.ts'
import type { Room, Rows } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { expressionBuilder, type Kysely, sql } from 'kysely'
import { isGuest } from '#accounts/guests.ts'
import { fold } from '#lib/fold.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Read } from '#store/read.ts'
import type { Tables } from '#store/schema.ts'
import { pairsAmong, peopleIn } from './directs.ts'
import { membersIn } from './members.ts'
import { newestMessages } from './messages.ts'
import { reactionsOf } from './reactions.ts'
import { findRoom, type RoomSight } from './standings.ts'

const MESSAGES_IN_SNAPSHOT = 50

type RoomList = Result<'room.list'>

const LISTED = ['id', 'name', 'description', 'kind', 'posting', 'history', 'archivedAt', 'people'] as const

/** room.list: one's own, fetched through membership, and the open ones, which everybody but guests may read and join. */
export async function listRooms(db: Kysely<Tables>, { actor: { userId } }: Pick<Read, 'actor'>): Promise<RoomList> {
  const rooms = await readableRooms(db, userId, { andOpen: !(await isGuest(db, userId)) })
  const pairs = await pairsAmong(
    db,
    rooms.filter(({ kind }) => kind === 'direct').map(({ id }) => id),
  )
  const items = rooms.map(({ people, seq, posted, seesAfter, unread, mentions, ...room }) => ({
    ...room,
    people: people === null ? null : peopleIn(people),
    isPair: pairs.has(room.id),
    seesAfter: room.kind === 'open' ? 0 : (seesAfter ?? 0),
    ...{ seq: seq ?? 0, posted: posted ?? 0, unread: unread ?? 0, mentions: mentions ?? 0 },
  }))
  return { items, next: null }
}

/** As the table of counters names a room's topic. */
const TOPIC_OF_ROOM = sql<string>`${sql.lit(roomTopic(''))} || ${sql.ref('rooms.id')}`

function readableRooms(db: Kysely<Tables>, userId: string, { andOpen }: { andOpen: boolean }) {
  const rooms = db
    .selectFrom('rooms')
    .leftJoin('members', (join) =>
      join.onRef('members.roomId', '=', 'rooms.id').on('members.id', '=', userId).on('members.endedAt', 'is', null),
    )
    .leftJoin('places', (join) => join.onRef('places.id', '=', 'members.roomId').onRef('places.userId', '=', 'members.id'))
    .leftJoin('topics', (join) => join.on('topics.topic', '=', TOPIC_OF_ROOM))
    .select(LISTED.map((column) => `rooms.${column}` as const))
    .select(['members.role', 'members.seesAfter', 'places.readTo', 'places.mentions'])
    .select(['topics.seq', 'topics.posted', unreadBy(userId).as('unread')])
    .where((eb) => (andOpen ? eb.or([eb('rooms.kind', '=', 'open'), eb('members.id', 'is not', null)]) : eb('members.id', 'is not', null)))
  return rooms.orderBy('rooms.name').orderBy('rooms.id').execute()
}

/**
 * How many standing messages of others lie behind the read marker, and within one's sight [N5], up to {@link UNREAD_MAX}: a column, counted for
 * each room among no more messages than that.
 */
function unreadBy(userId: string) {
  const { selectFrom } = expressionBuilder<Tables, 'rooms' | 'members' | 'places'>()
  const behind = selectFrom('messages')
    .select('messages.n')
    .whereRef('messages.roomId', '=', 'rooms.id')
    .whereRef('messages.n', '>', 'places.readTo')
    .where((eb) => eb.or([eb('rooms.kind', '=', 'open'), eb('messages.n', '>', eb.ref('members.seesAfter'))]))
    .where('messages.authorId', '!=', userId)
    .where('messages.deletedAt', 'is', null)
    .orderBy('messages.n')
    .limit(UNREAD_MAX)
  return selectFrom(behind.as('behind')).select(({ fn }) => fn.countAll<number>().as('unread'))
}

/** Every room, for the operator, with how many are in it. */
export async function allRooms(
  db: Kysely<Tables>,
): Promise<(Pick<Room, 'id' | 'name' | 'kind'> & { seq: number; posted: number; members: number })[]> {
  const rooms = await db
    .selectFrom('rooms')
    .leftJoin('members', (join) => join.onRef('members.roomId', '=', 'rooms.id').on('members.endedAt', 'is', null))
    .leftJoin('topics', (join) => join.on('topics.topic', '=', TOPIC_OF_ROOM))
    .select((eb) => ['rooms.id', 'rooms.name', 'rooms.kind', eb.fn.count<number>('members.id').as('members')])
    .select(['topics.seq', 'topics.posted'])
    .groupBy(['rooms.id', 'rooms.name', 'rooms.kind', 'topics.seq', 'topics.posted'])
    .orderBy('rooms.name')
    .execute()
  return rooms.map(({ seq, posted, ...room }) => ({ ...room, seq: seq ?? 0, posted: posted ?? 0 }))
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
