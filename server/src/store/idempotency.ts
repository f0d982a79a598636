import { Refusal } from '#lib/refusal.ts'
import type { Tx } from './tx.ts'

/** `caller`: whose key it is, so that nobody reads another's answer. `fingerprint`: of the request, which must be the same again. */
export interface Once {
  caller: string
  key: string
  fingerprint: string
}

const KEPT_MS = 48 * 60 * 60 * 1000

/** The answer that this key got, in the transaction that would otherwise act: two at once cannot both act. */
export async function answeredBefore(tx: Tx, once: Once): Promise<{ result: unknown } | null> {
  const found = await tx.db
    .selectFrom('idempotency')
    .select(['fingerprint', 'result'])
    .where('caller', '=', once.caller)
    .where('key', '=', once.key)
    .where('createdAt', '>', tx.now - KEPT_MS)
    .executeTakeFirst()
  if (!found) return null
  if (found.fingerprint !== once.fingerprint) {
    throw new Refusal('idempotency-mismatch', 'This Idempotency-Key was used for another request. Take a new key for a new request.')
  }
  return { result: JSON.parse(found.result) }
}

export async function rememberAnswer(tx: Tx, once: Once, result: unknown): Promise<void> {
  await tx.db
    .deleteFrom('idempotency')
    .where('createdAt', '<=', tx.now - KEPT_MS)
    .execute()
  await tx.db
    .insertInto('idempotency')
    .values({ ...once, result: JSON.stringify(result), createdAt: tx.now })
    .execute()
}
