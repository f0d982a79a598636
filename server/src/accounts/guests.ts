import type { User } from '@belfry/protocol/rows.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Tables } from '#store/schema.ts'

/** A guest knows of the people alone with whom they are in a room; everybody else knows of everybody. */
export async function isGuest(db: Kysely<Tables>, userId: string): Promise<boolean> {
  const user = await db.selectFrom('users').select('role').where('id', '=', userId).executeTakeFirst()
  return user?.role === 'guest'
}

/** Whoever is, or was, in a room in which somebody is now: their names stand at what they wrote there. Oneself among them. */
export function peopleAround(db: Kysely<Tables>, userId: string) {
  return db
    .selectFrom('members as own')
    .innerJoin('members as others', 'others.roomId', 'own.roomId')
    .select('others.id')
    .where('own.id', '=', userId)
    .where('own.endedAt', 'is', null)
}

/** Which of these people a guest knows of: those around them, and authors of elsewhere, who are no accounts. */
export async function knownToGuest<Person extends Pick<User, 'id' | 'importedFrom'>>(
  db: Kysely<Tables>,
  guestId: string,
  people: Person[],
): Promise<Person[]> {
  if (people.length === 0) return []
  const ids = people.map(({ id }) => id)
  const rows = await peopleAround(db, guestId).where('others.id', 'in', ids).distinct().execute()
  const around = new Set([guestId, ...rows.map(({ id }) => id)])
  return people.filter(({ id, importedFrom }) => importedFrom !== null || around.has(id))
}

/** Refusal: not-found, when a guest names somebody of whom they know nothing [A3]. */
export async function requireKnown(db: Kysely<Tables>, userId: string, people: Pick<User, 'id' | 'importedFrom'>[]): Promise<void> {
  if (!(await isGuest(db, userId))) return
  const known = await knownToGuest(db, userId, people)
  if (known.length < people.length) throw new Refusal('not-found', 'There is no such person in any of your rooms.')
}

/** Refusal: forbidden. */
export async function requireNoGuest(db: Kysely<Tables>, userId: string, detail: string): Promise<void> {
  if (await isGuest(db, userId)) throw new Refusal('forbidden', detail)
}
