import { type Parsed, SCOPES, type Scope } from '@belfry/protocol/commands.ts'
import type { Kysely } from 'kysely'
import { pageOf, rowsToRead } from '#lib/pages.ts'
import type { Read } from '#store/read.ts'
import type { ApiKey, Tables } from '#store/schema.ts'

/** A key as it may be shown: without its hash. */
export type ShownKey = Omit<ApiKey, 'hash' | 'scopes'> & { scopes: Scope[] }

/** A program's key begins with this, so that one finds a leaked one. */
export const KEY_PREFIX = 'bk_'

/** key.list: standing and revoked ones, the newest first; the cursor is the last id of the page before. */
export async function listKeys(
  db: Kysely<Tables>,
  { input }: Pick<Read<Parsed<'key.list'>>, 'input'>,
): Promise<{ items: ShownKey[]; next: string | null }> {
  const all = db.selectFrom('keys').selectAll().orderBy('id', 'desc').limit(rowsToRead(input))
  const keys = await (input.cursor === undefined ? all : all.where('id', '<', input.cursor)).execute()
  return pageOf(keys.map(shownKey), input, ({ id }) => id)
}

/** The standing key with this hash. */
export async function findKey(db: Kysely<Tables>, hash: string): Promise<ShownKey | null> {
  const key = await db.selectFrom('keys').selectAll().where('hash', '=', hash).where('revokedAt', 'is', null).executeTakeFirst()
  return key ? shownKey(key) : null
}

/** The standing keys with this id, or of this name. */
export async function keysNamed(db: Kysely<Tables>, name: string): Promise<ShownKey[]> {
  const found = db.selectFrom('keys').selectAll().where('revokedAt', 'is', null)
  const keys = await found.where((eb) => eb.or([eb('id', '=', name), eb('name', '=', name)])).execute()
  return keys.map(shownKey)
}

export function shownKey({ hash: _, scopes, ...key }: ApiKey): ShownKey {
  return { ...key, scopes: scopes.split(' ').filter((scope): scope is Scope => (SCOPES as readonly string[]).includes(scope)) }
}
