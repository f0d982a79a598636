import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'

/** key.used: when a key was last used, to the hour, so that reading does not always write. */
export async function touchKey(tx: Tx, { input }: Write<{ keyId: string }>): Promise<null> {
  await tx.db.updateTable('keys').set({ usedAt: tx.now }).where('id', '=', input.keyId).execute()
  return null
}
