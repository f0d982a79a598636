import { userTopic } from '@belfry/protocol/topics.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findPasswordHash } from './password-hashes.ts'

/** `from`: what the password was verified against; `to`: our own hash of the same password. */
export interface Renewal {
  userId: string
  from: string
  to: string
}

/**
 * password.renew: a hash that an import brought is replaced by ours. Answers the hash that stands then: another one than `to` when the
 * password was changed, or renewed by another device, since it was verified. Null: the account has no password any more.
 */
export async function renewPassword(tx: Tx, { input }: Write<Renewal>): Promise<string | null> {
  const { userId, from, to } = input
  await tx.lock(userTopic(userId))
  await tx.db.updateTable('passwords').set({ hash: to }).where('userId', '=', userId).where('hash', '=', from).execute()
  return (await findPasswordHash(tx.db, userId)) ?? null
}
