import type { Preferences } from '@belfry/protocol/rows.ts'
import type { Kysely } from 'kysely'
import { compiledOnce } from '#store/compiled-once.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'

const PREFERENCES_COLUMNS = columnsOf('preferences') as (keyof Preferences)[]

/** Of somebody who has chosen nothing yet. */
const NO_PREFERENCES: Preferences = { id: 'preferences', changed: 0, dndUntil: null }

/** What somebody has chosen; null: nothing yet. */
export async function storedPreferences(db: Kysely<Tables>, userId: string): Promise<Preferences | null> {
  return (await chosenBy(db, [userId]))[0] ?? null
}

const chosenBy = compiledOnce((db, [userId]: [string]) =>
  db.selectFrom('preferences').select(PREFERENCES_COLUMNS).where('userId', '=', userId),
)

export async function preferencesOf(db: Kysely<Tables>, userId: string): Promise<Preferences> {
  return (await storedPreferences(db, userId)) ?? NO_PREFERENCES
}

/** Which of these people are not to be disturbed now. */
export async function undisturbed(db: Kysely<Tables>, userIds: string[], now: number): Promise<Set<string>> {
  if (userIds.length === 0) return new Set()
  const rows = await db.selectFrom('preferences').select('userId').where('userId', 'in', userIds).where('dndUntil', '>', now).execute()
  return new Set(rows.map(({ userId }) => userId))
}
