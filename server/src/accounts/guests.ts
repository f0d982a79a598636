import type { User } from '@belfry/protocol/rows.ts'
import { type Kysely, sql } from 'kysely'
import { chunks } from '#lib/chunks.ts'
import { Refusal } from '#lib/refusal.ts'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import type { Tables } from '#store/schema.ts'

/** A guest knows of the people alone with whom they are in a room; everybody else knows of everybody. */
export async function isGuest(db: Kysely<Tables>, userId: string): Promise<boolean> {
  return (await guestsAmong(db, [userId])).has(userId)
}

/** Which of these people are guests. */
export async function guestsAmong(db: Kysely<Tables>, userIds: string[]): Promise<Set<string>> {
  return new Set((await guestsWithIds(db, rounded(userIds))).map(({ id }) => id))
}

const guestsWithIds = compiledOnce((db, ids: string[]) =>
  db.selectFrom('users').select('id').where('id', 'in', ids).where('role', '=', sql.lit('guest')),
)

/** Whoever is, or was, in a room in which somebody is now: their names stand at what they wrote there. Oneself among them. */
export function peopleAround(db: Kysely<Tables>, userId: string) {
  return aroundSomebody(db).select('others.id').where('own.id', '=', userId)
}

function aroundSomebody(db: Kysely<Tables>) {
  const pairs = db.selectFrom('members as own').innerJoin('members as others', 'others.roomId', 'own.roomId')
  return pairs.where('own.endedAt', 'is', null)
}

/** Which of these people a guest knows of: those around them, and authors of elsewhere, who are no accounts. */
export async function knownToGuest<Person extends Pick<User, 'id' | 'importedFrom'>>(
  db: Kysely<Tables>,
  guestId: string,
  people: Person[],
): Promise<Person[]> {
  return (await knownToGuests(db, [guestId], people)).get(guestId)!
}

const IDS_A_QUERY = 1_000

/** The same for each of these guests: a query or two, whatever their number. */
export async function knownToGuests<Person extends Pick<User, 'id' | 'importedFrom'>>(
  db: Kysely<Tables>,
  guestIds: string[],
  people: Person[],
): Promise<Map<string, Person[]>> {
  const around = new Map(guestIds.map((id) => [id, new Set([id])]))
  for (const guests of chunks(guestIds, IDS_A_QUERY))
    for (const some of chunks(people, IDS_A_QUERY))
      for (const { guestId, id } of await pairsAmong(db, guests, some)) around.get(guestId)!.add(id)
  const isKnown = (guestId: string, { id, importedFrom }: Person) => importedFrom !== null || around.get(guestId)!.has(id)
  return new Map(guestIds.map((guestId) => [guestId, people.filter((person) => isKnown(guestId, person))]))
}

/** Who of these people is around which of these guests. */
function pairsAmong(db: Kysely<Tables>, guestIds: string[], people: Pick<User, 'id'>[]) {
  const ids = people.map(({ id }) => id)
  const pairs = aroundSomebody(db).where('own.id', 'in', guestIds).where('others.id', 'in', ids)
  return pairs.select(['own.id as guestId', 'others.id']).distinct().execute()
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
