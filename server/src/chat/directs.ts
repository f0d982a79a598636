import { DIRECT_PEOPLE_MAX } from '@belfry/protocol/limits.ts'
import type { Room } from '@belfry/protocol/rows.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { findRoom } from './standings.ts'

const PAIR = 2

/** How a conversation is found again: its people, whatever their order. */
export function peopleKey(userIds: Iterable<string>): string {
  return [...new Set(userIds)].toSorted().join(' ')
}

/** The people of a conversation, as its key names them. */
export function peopleIn(key: string): string[] {
  return key.split(' ')
}

/**
 * Of more than one of the same people, which a group comes to when some leave it, the one that nobody has left, or else the first; of two, their
 * pair alone.
 */
export async function findDirect(db: Kysely<Tables>, key: string): Promise<Room | undefined> {
  const ids = await roomsOf(db, key)
  const pairs = await pairsAmong(db, ids)
  const found = ids.find((id) => peopleIn(key).length !== PAIR || pairs.has(id))
  return found === undefined ? undefined : findRoom(db, found)
}

/** Of these people now: those that nobody has left first, then the older ones. */
async function roomsOf(db: Kysely<Tables>, key: string): Promise<string[]> {
  const ofPeople = db.selectFrom('rooms').innerJoin('members', 'members.roomId', 'rooms.id').where('rooms.people', '=', key)
  const each = ofPeople.select('rooms.id').groupBy(['rooms.id', 'rooms.createdAt'])
  const rooms = await each
    .orderBy((eb) => eb(eb.fn.count('members.endedAt'), '>', 0))
    .orderBy('rooms.createdAt')
    .orderBy('rooms.id')
    .execute()
  return rooms.map(({ id }) => id)
}

/**
 * Which of these rooms have begun as a conversation of two, each with its people's key: such a one stays one, so that whoever wants to talk with
 * more people begins another. Who was ever in a conversation stays among its members: a group of which two are left is none.
 */
export async function pairsAmong(db: Kysely<Tables>, roomIds: string[]): Promise<Map<string, string>> {
  if (roomIds.length === 0) return new Map()
  const conversations = db.selectFrom('rooms').innerJoin('members', 'members.roomId', 'rooms.id').where('rooms.people', 'is not', null)
  const asked = conversations.select(['rooms.id', 'rooms.people']).where('rooms.id', 'in', roomIds).groupBy(['rooms.id', 'rooms.people'])
  const pairs = await asked.having((eb) => eb.fn.countAll(), '=', PAIR).execute()
  return new Map(pairs.map(({ id, people }) => [id, people!]))
}

export async function isPair(db: Kysely<Tables>, roomId: string): Promise<boolean> {
  return (await pairsAmong(db, [roomId])).has(roomId)
}

/** Who is in a conversation; of another room nobody. */
export async function peopleOf(db: Kysely<Tables>, roomId: string): Promise<string[]> {
  const room = await db.selectFrom('rooms').select('people').where('id', '=', roomId).executeTakeFirst()
  return room?.people ? peopleIn(room.people) : []
}

/** The room's topic is locked. */
export async function storePeople(tx: Tx, roomId: string, userIds: Iterable<string>): Promise<void> {
  await tx.db
    .updateTable('rooms')
    .set({ people: peopleKey(userIds) })
    .where('id', '=', roomId)
    .execute()
}

/** Refusal: too-large. */
export function requireFewEnough(people: readonly string[]): void {
  if (people.length > DIRECT_PEOPLE_MAX)
    throw new Refusal('too-large', `A conversation takes ${DIRECT_PEOPLE_MAX} people. Make a closed room for more.`)
}
