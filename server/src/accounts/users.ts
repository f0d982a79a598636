import type { Rows, User, Workspace } from '@belfry/protocol/rows.ts'
import { NAMES_OF_MANY } from '@belfry/protocol/names.ts'
import { WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import { columnsOf } from '#store/rows.ts'
import { chunks } from '#lib/chunks.ts'
import { fold } from '#lib/fold.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Read } from '#store/read.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { isGuest, knownToGuest, peopleAround, requireKnown } from './guests.ts'

const USER_COLUMNS = columnsOf('user') as (keyof User)[]

/** So many profiles of accounts come with the workspace; others, and people of elsewhere, are asked for by id. */
const PROFILES_IN_SNAPSHOT = 200

const NAMES_A_QUERY = 1_000

/**
 * What stands in the place of a folded user name for somebody of elsewhere: folded names hold no capitals, so that no account can have
 * this name, and no name that somebody types finds this person. Two spellings are two people.
 */
export function foldImported(from: string, name: string): string {
  return `${from.toUpperCase()}:${name}`
}

export async function findUser(db: Kysely<Tables>, id: string): Promise<User | undefined> {
  return db.selectFrom('users').select(USER_COLUMNS).where('id', '=', id).executeTakeFirst()
}

export async function findUserByUsername(db: Kysely<Tables>, username: string): Promise<User | undefined> {
  return selectAccounts(db).where('folded', '=', fold(username)).executeTakeFirst()
}

/** The account with this id. Refusal: not-found. */
export async function requireUser(db: Kysely<Tables>, id: string): Promise<User> {
  const user = await selectAccounts(db).where('id', '=', id).executeTakeFirst()
  if (!user) throw new Refusal('not-found', `There is no account with the id ${id}.`)
  return user
}

/** The same for who asks: a guest is answered alike, whether there is none or one of whom they know nothing [A3]. */
export async function requireUserFor(db: Kysely<Tables>, askerId: string, id: string): Promise<User> {
  await requireKnown(db, askerId, [{ id, importedFrom: null }])
  return requireUser(db, id)
}

/** Refusal: username-taken, when another account has a user name that folds to the same text. */
export async function requireFreeUsername(db: Kysely<Tables>, { id, username }: { id?: string; username: string }): Promise<void> {
  if (NAMES_OF_MANY.some((many) => many === fold(username)))
    throw new Refusal('username-taken', `@${username} names everybody in a room. Choose another user name.`)
  const holder = await findUserByUsername(db, username)
  if (!holder || holder.id === id) return
  throw new Refusal('username-taken', `There is already an account named ${username}. Choose another user name.`)
}

/** A new state of an account; the same one again changes nothing and spends no seq. */
export async function changeUser(tx: Tx, before: User, after: User): Promise<User> {
  const isSame = USER_COLUMNS.every((column) => before[column] === after[column])
  return isSame ? before : storeUser(tx, after)
}

export async function storeUser(tx: Tx, row: Omit<User, 'changed'>): Promise<User> {
  return tx.change(WORKSPACE_TOPIC, { kind: 'user', row, extra: foundBy(row) })
}

/** What finds somebody, beside what screens show: by the name that they sign in with, and by part of a name. */
export function foundBy({ id, username, name, importedFrom }: Omit<User, 'changed'>): { folded: string; sought: string } {
  return {
    folded: importedFrom === null ? fold(username) : foldImported(importedFrom, username),
    sought: [username, name, id].map(fold).join('\n'),
  }
}

/** The accounts among these ids. */
export async function usersWithIds(db: Kysely<Tables>, ids: string[]): Promise<User[]> {
  return ids.length === 0 ? [] : accountsWith(db, rounded(ids))
}

const accountsWith = compiledOnce((db, ids: string[]) => selectAccounts(db).where('id', 'in', ids))

/** The accounts whose id, or whose folded user name, is among these. */
export async function usersNamed(db: Kysely<Tables>, names: string[]): Promise<User[]> {
  const folded = names.map(fold)
  return selectAccounts(db)
    .where((eb) => eb.or([eb('id', 'in', names), eb('folded', 'in', folded)]))
    .execute()
}

/** User ids by folded name, of accounts and of people of elsewhere. */
export async function idsFolded(db: Kysely<Tables>, folded: string[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const some of chunks(folded, NAMES_A_QUERY)) {
    const rows = await db.selectFrom('users').select(['id', 'folded']).where('folded', 'in', some).execute()
    for (const row of rows) ids.set(row.folded, row.id)
  }
  return ids
}

/** The ids of the accounts that nobody has to name to bring them into an open room: guests wait for somebody who does, and whoever is disabled comes into none. */
export async function broughtUnasked(db: Kysely<Tables>): Promise<Set<string>> {
  const standing = db.selectFrom('users').select('id').where('importedFrom', 'is', null).where('disabledAt', 'is', null)
  const rows = await standing.where('role', '!=', 'guest').execute()
  return new Set(rows.map(({ id }) => id))
}

export async function anyUser(db: Kysely<Tables>): Promise<boolean> {
  return (await selectAccounts(db).limit(1).executeTakeFirst()) !== undefined
}

/** Whoever can have a way in here: not the people of elsewhere whom an import brought as authors. */
function selectAccounts(db: Kysely<Tables>) {
  return db.selectFrom('users').select(USER_COLUMNS).where('importedFrom', 'is', null)
}

/** me.get: one's own row. */
export async function getMe(db: Kysely<Tables>, { actor }: Read): Promise<User> {
  const user = await findUser(db, actor.userId)
  if (!user) throw new Refusal('not-found', 'This account is gone.')
  return user
}

/** user.list: the profiles with these ids; unknown ones, and those of whom a guest knows nothing, are left out. */
export async function listUsers(db: Kysely<Tables>, { input, actor }: Read<{ ids: string[] }>): Promise<{ items: User[]; seq: number }> {
  const { seq } = await topicCounter(db, WORKSPACE_TOPIC)
  const found = await db.selectFrom('users').select(USER_COLUMNS).where('id', 'in', input.ids).execute()
  return { items: (await isGuest(db, actor.userId)) ? await knownToGuest(db, actor.userId, found) : found, seq }
}

/** What one holds of the workspace to begin with. Profiles have no window: whoever is missing is asked for by id. `guestId`: for this guest. */
export async function workspaceSnapshot(
  db: Kysely<Tables>,
  guestId: string | null = null,
): Promise<{ rows: Rows; windows: Record<string, never> }> {
  const workspace = await db
    .selectFrom('workspace')
    .select(columnsOf('workspace') as (keyof Workspace)[])
    .execute()
  const accounts = guestId === null ? selectAccounts(db) : selectAccounts(db).where('id', 'in', peopleAround(db, guestId))
  const user = await accounts.orderBy('changed', 'desc').limit(PROFILES_IN_SNAPSHOT).execute()
  return { rows: { workspace, user }, windows: {} }
}
