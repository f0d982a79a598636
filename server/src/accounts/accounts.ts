import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { fold } from '#lib/fold.ts'
import { pageOf, rowsToRead } from '#lib/pages.ts'
import type { Read } from '#store/read.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import { isGuest, peopleAround } from './guests.ts'
import { standingSessionCounts } from './sessions.ts'

type Search = Parsed<'user.search'>

/** So many suggestions, unless more are asked for. */
const FOUND_MAX = 20

type Account = Result<'user.search'>['items'][number]

/** Accounts first, then people of elsewhere, whom an import may have brought by thousands; by user name. */
const PLACE = sql<boolean>`("importedFrom" IS NOT NULL)`

/** user.search: a page, and how many there are on all pages; the cursor is the last id of the page before. */
export async function searchUsers(db: Kysely<Tables>, { input, now }: Pick<Read<Search>, 'input' | 'now'>): Promise<Result<'user.search'>> {
  const found = matching(db, input)
  const { total } = await found.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const further = input.cursor === undefined ? found : found.where(isBehind(input.cursor))
  const rows = await further
    .select(columnsOf('user') as (keyof User)[])
    .orderBy(PLACE)
    .orderBy('folded')
    .limit(rowsToRead(input))
    .execute()
  const { items, next } = pageOf(rows, input, ({ id }) => id)
  return { items: await accountsOf(db, items, now), next, total }
}

/** user.find: the first of them, those whose names begin so before all others, by user name. Its words are sought in ids as well. */
export async function findUsers(db: Kysely<Tables>, { input, actor }: Read<Parsed<'user.find'>>): Promise<{ items: User[]; seq: number }> {
  const { seq } = await topicCounter(db, WORKSPACE_TOPIC)
  const all = matching(db, { query: input.query, state: 'active' })
  const found = (await isGuest(db, actor.userId)) ? all.where('id', 'in', peopleAround(db, actor.userId)) : all
  const items = await found
    .select(columnsOf('user') as (keyof User)[])
    .orderBy(farness(input.query))
    .orderBy('folded')
    .limit(input.limit ?? FOUND_MAX)
    .execute()
  return { items, seq }
}

function matching(db: Kysely<Tables>, { query = '', state }: Pick<Search, 'query' | 'state'>): SelectQueryBuilder<Tables, 'users', object> {
  const all = db.selectFrom('users')
  const found = all.where(isSought(query))
  switch (state) {
    case undefined:
      return found
    case 'local':
      return found.where('importedFrom', 'is', null)
    case 'active':
      return found.where('disabledAt', 'is', null).where('importedFrom', 'is', null)
    case 'disabled':
      return found.where('disabledAt', 'is not', null)
    case 'imported':
      return found.where('importedFrom', 'is not', null)
    default:
      return state satisfies never
  }
}

/** Whether the user name, the name or the id of an account holds these words; none hold everybody. */
export function isSought(query: string): RawBuilder<boolean> {
  const words = query.trim()
  return words === '' ? sql`1 = 1` : sql`users.sought LIKE ${`%${escaped(fold(words))}%`} ESCAPE '\\'`
}

/** 0 where the user name, or a word of the name, begins with these words; 1 where one of them holds them; 2 where the id alone does. Without words everybody is as near. */
export function farness(query: string): RawBuilder<number> {
  const words = escaped(fold(query.trim()))
  // A bare number would name a column to order by.
  if (words === '') return sql`CASE WHEN 1 = 1 THEN 0 END`
  // The id is the last of its lines.
  const holds = (before: string) => sql<boolean>`users.sought LIKE ${`${before}${words}%\n%`} ESCAPE '\\'`
  return sql`CASE WHEN ${sql.join(['', '%\n', '% '].map(holds), sql` OR `)} THEN 0 WHEN ${holds('%')} THEN 1 ELSE 2 END`
}

function isBehind(cursor: string): RawBuilder<boolean> {
  return sql`(${PLACE}, folded) > (SELECT ${PLACE}, folded FROM users WHERE id = ${cursor})`
}

/** `%` and `_` stand for themselves. */
function escaped(words: string): string {
  return words.replaceAll(/[\\%_]/g, '\\$&')
}

/** With what only administrators see of them. */
async function accountsOf(db: Kysely<Tables>, users: User[], now: number): Promise<Account[]> {
  if (users.length === 0) return []
  const ids = users.map(({ id }) => id)
  const passwords = await db.selectFrom('passwords').select('userId').where('userId', 'in', ids).execute()
  const withPassword = new Set(passwords.map(({ userId }) => userId))
  const sessions = await standingSessionCounts(db, ids, now)
  return users.map((user) => ({
    ...user,
    canSignIn: user.disabledAt === null && withPassword.has(user.id),
    sessions: sessions.get(user.id) ?? 0,
  }))
}
