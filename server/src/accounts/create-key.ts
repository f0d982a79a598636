import type { Parsed } from '@belfry/protocol/commands.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { hashSecret, newSecret } from '#lib/secrets.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireAdmin, topicsOfAdmin } from './actor.ts'
import { KEY_PREFIX, type ShownKey, shownKey } from './keys.ts'

/** key.create: only the hash of the key is stored. */
export async function createKey(tx: Tx, { input, actor }: Write<Parsed<'key.create'>>): Promise<ShownKey & { key: string }> {
  await tx.lock(...topicsOfAdmin(actor))
  await requireAdmin(tx, actor)
  const secret = KEY_PREFIX + newSecret()
  const scopes = [...new Set(input.scopes)].join(' ')
  const key = { id: uuidv7(), name: input.name, hash: hashSecret(secret), scopes, createdAt: tx.now, usedAt: null, revokedAt: null }
  await tx.db.insertInto('keys').values(key).execute()
  return { ...shownKey(key), key: secret }
}
