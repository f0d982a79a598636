import { Refusal } from '#lib/refusal.ts'
import { hashSecret } from '#lib/secrets.ts'
import type { Write } from '#store/batch.ts'
import type { Invite } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { requireOperator } from './actor.ts'
import { anyUser } from './users.ts'

/**
 * invite.first: what the first visitor of an empty server becomes its administrator with. Made anew at each start: earlier ones
 * stood on a terminal that may be gone. Answers whether it was made; false once there is an account.
 */
export async function inviteFirst(tx: Tx, { input, actor }: Write<{ secret: string }>): Promise<boolean> {
  requireOperator(actor)
  if (await anyUser(tx.db)) return false
  await tx.db.deleteFrom('invites').where('usedAt', 'is', null).execute()
  await tx.db.insertInto('invites').values({ hash: hashSecret(input.secret), role: 'admin', createdAt: tx.now, usedAt: null }).execute()
  return true
}

/** Spends an invitation, in the transaction that makes the account. */
export async function useInvite(tx: Tx, hash: string): Promise<Invite> {
  const invite = await tx.db.selectFrom('invites').selectAll().where('hash', '=', hash).executeTakeFirst()
  if (!invite || invite.usedAt !== null) {
    throw new Refusal('forbidden', 'This link was used already, or is not valid any more. Ask for a new one.')
  }
  await tx.db.updateTable('invites').set({ usedAt: tx.now }).where('hash', '=', hash).execute()
  return invite
}
