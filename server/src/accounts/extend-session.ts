import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { SESSION_LASTS_MS } from './sessions.ts'

/** session.extend: a session that is used lasts on. No row that screens show changes, so nothing is announced. */
export async function extendSession(tx: Tx, { input }: Write<{ tokenHash: string }>): Promise<null> {
  await tx.db
    .updateTable('tokens')
    .set({ expiresAt: tx.now + SESSION_LASTS_MS })
    .where('hash', '=', input.tokenHash)
    .execute()
  return null
}
