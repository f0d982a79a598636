import type { Parsed } from '@belfry/protocol/commands.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireAdmin, topicsOfAdmin } from './actor.ts'
import { type ShownKey, shownKey } from './keys.ts'

/** key.revoke: from this commit on it opens nothing. Twice is no mistake. */
export async function revokeKey(tx: Tx, { input, actor }: Write<Parsed<'key.revoke'>>): Promise<ShownKey> {
  await tx.lock(...topicsOfAdmin(actor))
  await requireAdmin(tx, actor)
  const key = await tx.db.selectFrom('keys').selectAll().where('id', '=', input.id).executeTakeFirst()
  if (!key) throw new Refusal('not-found', `There is no key with the id ${input.id}.`)
  const revokedAt = key.revokedAt ?? tx.now
  await tx.db.updateTable('keys').set({ revokedAt }).where('id', '=', key.id).execute()
  return shownKey({ ...key, revokedAt })
}
