import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'

/** Until when somebody is not to be disturbed, and at which seq of their topic that was so. */
export interface Quiet {
  until: number | null
  changed: number
}

/** Those among these people who share a room with somebody, both being members now; everybody does with themselves [A1]. */
export async function neighboursOf(db: Kysely<Tables>, userId: string, ids: string[]): Promise<Map<string, Quiet>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('users')
    .leftJoin('preferences', 'preferences.userId', 'users.id')
    .select(['users.id', 'preferences.dndUntil', 'preferences.changed'])
    .where('users.id', 'in', ids)
    .where((eb) => {
      const shared = eb
        .selectFrom('members as theirs')
        .innerJoin('members as own', 'own.roomId', 'theirs.roomId')
        .select('own.id')
        .whereRef('theirs.id', '=', 'users.id')
        .where('theirs.endedAt', 'is', null)
        .where('own.id', '=', userId)
        .where('own.endedAt', 'is', null)
      return eb.or([eb('users.id', '=', userId), eb.exists(shared)])
    })
    .execute()
  return new Map(rows.map(({ id, dndUntil, changed }) => [id, { until: dndUntil, changed: changed ?? 0 }]))
}
