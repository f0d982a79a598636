import type { Member, Room } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { type Kysely, sql } from 'kysely'
import { requirePerson } from '#accounts/actor.ts'
import { guestsAmong, isGuest } from '#accounts/guests.ts'
import { chunks } from '#lib/chunks.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Actor } from '#store/batch.ts'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

/** What a member may do, from least to most. */
const ROLES = ['member', 'moderator', 'owner'] as const satisfies Member['role'][]

const ROOM_COLUMNS = columnsOf('room') as (keyof Room)[]

export async function findRoom(db: Kysely<Tables>, id: string): Promise<Room | undefined> {
  return (await roomWithId(db, [id]))[0]
}

const roomWithId = compiledOnce((db, [id]: [string]) => db.selectFrom('rooms').select(ROOM_COLUMNS).where('id', '=', id))

/** How a member stands in a room: what decides on what they may write and see there. */
export type Standing = Pick<Room, 'kind' | 'posting' | 'archivedAt'> & Pick<Member, 'role' | 'seesAfter'>

/** Somebody in a room. */
interface Pair {
  roomId: string
  userId: string
}

const PAIRS_A_QUERY = 512

export interface Standings {
  /** Those of the rooms that are conversations. */
  directs: string[]
  /** Undefined: no member. */
  of(roomId: string, userId: string): Standing | undefined
}

/**
 * How each of these stands. An administrator among the members of an open room stands there as an owner. Asked for by pairs: of as many rooms as people
 * SQLite would look up each of the ones with each of the others.
 */
export async function standingsOf(db: Kysely<Tables>, pairs: Pair[]): Promise<Standings> {
  const rows: Awaited<ReturnType<typeof standingRows>> = []
  const all = [...new Map(pairs.map((pair) => [nameOf(pair), pair])).values()]
  for (const some of chunks(all, PAIRS_A_QUERY)) {
    const values = rounded(some).flatMap(({ roomId, userId }) => [roomId, userId])
    rows.push(...(await standingRows(db, values)))
  }
  const standing = ({ role, seesAfter, kind, posting, archivedAt, is }: (typeof rows)[number]): Standing => ({
    role: is === 'admin' && kind === 'open' ? 'owner' : role,
    seesAfter: kind === 'open' ? 0 : seesAfter,
    kind,
    posting,
    archivedAt,
  })
  const found = new Map(rows.map((row) => [nameOf(row), standing(row)]))
  const directs = new Set(rows.filter(({ kind }) => kind === 'direct').map(({ roomId }) => roomId))
  return { directs: [...directs], of: (roomId, userId) => found.get(nameOf({ roomId, userId })) }
}

function nameOf({ roomId, userId }: Pair): string {
  return `${roomId} ${userId}`
}

/** Of room, person, room, person, … */
const standingRows = compiledOnce((db, values: string[]) => {
  const pairs = [...chunks(values, 2)].map(([roomId, userId]) => sql`(${roomId}, ${userId})`)
  const asked = sql<{ column1: string; column2: string }>`(values ${sql.join(pairs)})`
  return db
    .selectFrom(asked.as('asked'))
    .innerJoin('members', (join) => join.onRef('members.roomId', '=', 'asked.column1').onRef('members.id', '=', 'asked.column2'))
    .innerJoin('rooms', 'rooms.id', 'members.roomId')
    .innerJoin('users', 'users.id', 'members.id')
    .select([
      'members.roomId',
      'members.id as userId',
      'members.role',
      'members.seesAfter',
      'rooms.kind',
      'rooms.posting',
      'rooms.archivedAt',
      'users.role as is',
    ])
    .where('members.endedAt', 'is', null)
})

/** How a member stands in the room; whoever is none is refused as if it were not there [A3]. */
export async function requireStanding(tx: Tx, roomId: string, userId: string): Promise<Standing> {
  const standing = (await standingsOf(tx.db, [{ roomId, userId }])).of(roomId, userId)
  if (!standing) throw noSuchRoom()
  return standing
}

export function isModerator({ role }: Pick<Standing, 'role'>): boolean {
  return role !== 'member'
}

/** Why whoever stands so does not write in the room; null: they do. */
export function writingRefusal(standing: Standing | undefined): Refusal | null {
  if (!standing) return noSuchRoom()
  if (standing.archivedAt !== null) return archived()
  const isToModerators = standing.posting === 'moderators' && !isModerator(standing)
  return isToModerators ? new Refusal('forbidden', 'Only moderators and owners write in this room.') : null
}

/** Refusals: those of {@link writingRefusal}. */
export function requireWriting(standing: Standing): void {
  const refusal = writingRefusal(standing)
  if (refusal) throw refusal
}

/** Whether somebody may write in the room now. */
export async function mayWriteIn(db: Kysely<Tables>, userId: string, roomId: string): Promise<boolean> {
  return writingRefusal((await standingsOf(db, [{ roomId, userId }])).of(roomId, userId)) === null
}

/** What an archived room refuses. */
export function requireInUse({ archivedAt }: Pick<Room, 'archivedAt'>): void {
  if (archivedAt !== null) throw archived()
}

export function archived(): Refusal {
  return new Refusal('archived', 'This room is archived. One of its owners can bring it back.')
}

export function noSuchRoom(): Refusal {
  return new Refusal('not-found', 'There is no such room.')
}

/** Everyone is in General, for as long as they have an account. */
export function requireNotGeneral(roomId: string): void {
  if (roomId === GENERAL_ROOM) throw new Refusal('forbidden', 'Everyone is in General: nobody leaves it.')
}

/** What somebody who may read a room sees of it: messages with higher numbers than `after`. Before the seq `since` they may have seen more, or less. */
export interface RoomSight {
  after: number
  since: number
}

/** Null: they may not read it. Everybody but guests may read an open one, its members any. */
export async function sightIn(db: Kysely<Tables>, userId: string, roomId: string): Promise<RoomSight | null> {
  return (await sightsIn(db, [{ userId, roomId }]))[0]!
}

/** The same for each of these, in their order: a few queries, whatever their number. */
export async function sightsIn(db: Kysely<Tables>, asks: { userId: string; roomId: string }[]): Promise<(RoomSight | null)[]> {
  if (asks.length === 0) return []
  const roomIds = rounded(new Set(asks.map(({ roomId }) => roomId)))
  const userIds = rounded(new Set(asks.map(({ userId }) => userId)))
  const rooms = new Map((await roomsWithIds(db, roomIds)).map((room) => [room.id, room]))
  const members = new Map((await everMembers(db, roomIds, userIds)).map((member) => [`${member.roomId} ${member.id}`, member]))
  const guests = await guestsAmong(db, userIds)
  return asks.map(({ userId, roomId }) => {
    const [room, member] = [rooms.get(roomId), members.get(`${roomId} ${userId}`)]
    if (!room) return null
    const isMember = member !== undefined && member.endedAt === null
    const since = Math.max(room.changed, member?.changed ?? 0)
    if (room.kind === 'open') return isMember || !guests.has(userId) ? { after: 0, since } : null
    return isMember ? { after: member.seesAfter, since } : null
  })
}

const roomsWithIds = compiledOnce((db, ids: string[]) => db.selectFrom('rooms').select(['id', 'kind', 'changed']).where('id', 'in', ids))

/** Also those that have ended. */
const everMembers = compiledOnce((db, roomIds: string[], userIds: string[]) => {
  const members = db.selectFrom('members').select(['roomId', 'id', 'changed', 'seesAfter', 'endedAt'])
  return members.where('roomId', 'in', roomIds).where('id', 'in', userIds)
})

/** The same. Refusal: not-found [A3]. */
export async function requireSight(db: Kysely<Tables>, userId: string, roomId: string): Promise<RoomSight> {
  const sight = await sightIn(db, userId, roomId)
  if (!sight) throw noSuchRoom()
  return sight
}

/** A room as whoever changes it, or who is in it, finds it. */
export interface Governed {
  userId: string
  room: Room
  /** Null: they may read it, and no more. */
  role: Member['role'] | null
}

/** The room, and as what one acts there: as an owner does an administrator in an open room. Refusal: not-found, for whoever may not read it [A3]. */
export async function requireRoom(tx: Tx, actor: Actor, roomId: string): Promise<Governed> {
  const { userId } = await requirePerson(tx, actor)
  const room = await findRoom(tx.db, roomId)
  const standing = (await standingsOf(tx.db, [{ roomId, userId }])).of(roomId, userId)
  if (!room || (!standing && (room.kind !== 'open' || (await isGuest(tx.db, userId))))) throw noSuchRoom()
  const isAdmin = room.kind === 'open' && (await administers(tx.db, userId))
  return { userId, room, role: isAdmin ? 'owner' : (standing?.role ?? null) }
}

/** Refusal: forbidden, for whoever acts as less than this. */
export function requireRole({ role }: Pick<Governed, 'role'>, least: Member['role'], detail: string): void {
  if (role === null || ROLES.indexOf(role) < ROLES.indexOf(least)) throw new Refusal('forbidden', detail)
}

async function administers(db: Kysely<Tables>, userId: string): Promise<boolean> {
  const user = await db.selectFrom('users').select('role').where('id', '=', userId).executeTakeFirst()
  return user?.role === 'admin'
}
