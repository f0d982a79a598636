import { DIRECT_PEOPLE_MAX } from '@belfry/protocol/limits.ts'
import type { Room } from '@belfry/protocol/rows.ts'
import { expressionBuilder, type Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { findRoom } from './standings.ts'

/** A conversation of two stays one: whoever wants to talk with more people begins another. */
export const PAIR = 2

/** How a conversation is found again: its people, whatever their order. */
export function peopleKey(userIds: Iterable<string>): string {
  return [...new Set(userIds)].toSorted().join(' ')
}

/** The people of a conversation, as its key names them. */
export function peopleIn(key: string): string[] {
  return key.split(' ')
}

/** Of more than one of the same people, which a group comes to when some leave it, the first. A group of which two are left is not their pair. */
export async function findDirect(db: Kysely<Tables>, key: string): Promise<Room | undefined> {
  const ofPeople = db.selectFrom('rooms').select('id').where('people', '=', key)
  const asked = peopleIn(key).length === PAIR ? ofPeople.where(hasBegunWith(key)) : ofPeople
  const found = await asked.orderBy('createdAt').orderBy('id').executeTakeFirst()
  return found && findRoom(db, found.id)
}

/** Whoever was ever in it stays among its members. */
function hasBegunWith(key: string) {
  const { not, exists, selectFrom } = expressionBuilder<Tables, 'rooms'>()
  const others = selectFrom('members').select('members.id').whereRef('members.roomId', '=', 'rooms.id')
  return not(exists(others.where('members.id', 'not in', peopleIn(key))))
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
