import { SCOPES, type Scope } from '@belfry/protocol/commands.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { ApiKey, Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { requireOperator } from './actor.ts'

/** A key as it may be shown: without its hash. */
export type ShownKey = Omit<ApiKey, 'hash' | 'scopes'> & { scopes: Scope[] }

/** A program's key begins with this, so that one finds a leaked one. */
export const KEY_PREFIX = 'bk_'

/** Standing and revoked ones, the newest first. */
export async function listKeys(db: Kysely<Tables>): Promise<ShownKey[]> {
  const keys = await db.selectFrom('keys').selectAll().orderBy('id', 'desc').execute()
  return keys.map(shown)
}

/** The standing key with this hash. */
export async function findKey(db: Kysely<Tables>, hash: string): Promise<ShownKey | null> {
  const key = await db.selectFrom('keys').selectAll().where('hash', '=', hash).where('revokedAt', 'is', null).executeTakeFirst()
  return key ? shown(key) : null
}

/** key.create: only the hash of the key is stored. */
export async function createKey(tx: Tx, { input, actor }: Write<{ name: string; scopes: Scope[]; hash: string }>): Promise<ShownKey> {
  requireOperator(actor)
  const { name, scopes, hash } = input
  const key = { id: uuidv7(), name, hash, scopes: scopes.join(' '), createdAt: tx.now, usedAt: null, revokedAt: null }
  await tx.db.insertInto('keys').values(key).execute()
  return shown(key)
}

/** key.revoke, by id or by name. From this commit on it opens nothing. */
export async function revokeKey(tx: Tx, { input, actor }: Write<{ key: string }>): Promise<ShownKey> {
  requireOperator(actor)
  const found = await tx.db
    .selectFrom('keys')
    .selectAll()
    .where((eb) => eb.or([eb('id', '=', input.key), eb('name', '=', input.key)]))
    .where('revokedAt', 'is', null)
    .execute()
  if (found.length !== 1) throw notOne(input.key, found.length)
  await tx.db.updateTable('keys').set({ revokedAt: tx.now }).where('id', '=', found[0]!.id).execute()
  return shown({ ...found[0]!, revokedAt: tx.now })
}

function notOne(key: string, found: number): Refusal {
  if (found === 0) return new Refusal('not-found', `There is no standing key with the id or name ${key}.`)
  return new Refusal('conflict', `${found} keys are named ${key}. Name one by its id; \`belfry key list\` shows them.`)
}

/** key.used: when a key was last used, to the hour, so that reading does not always write. */
export async function touchKey(tx: Tx, { input }: Write<{ keyId: string }>): Promise<null> {
  await tx.db.updateTable('keys').set({ usedAt: tx.now }).where('id', '=', input.keyId).execute()
  return null
}

function shown({ hash: _, scopes, ...key }: ApiKey): ShownKey {
  return { ...key, scopes: scopes.split(' ').filter((scope): scope is Scope => (SCOPES as readonly string[]).includes(scope)) }
}
