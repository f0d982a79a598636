import { WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { hashSecret } from '#lib/secrets.ts'
import type { Write } from '#store/batch.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { requireOperator } from './actor.ts'
import { anyUser } from './users.ts'

const KEY = 'firstInvite'

/**
 * invite.first: what the first visitor of an empty server becomes its administrator with. Made anew at each start: an earlier one
 * stood on a terminal that may be gone. Answers whether it was made; false once there is an account.
 */
export async function inviteFirst(tx: Tx, { input, actor }: Write<{ secret: string }>): Promise<boolean> {
  requireOperator(actor)
  await tx.lock(WORKSPACE_TOPIC)
  if (await anyUser(tx.db)) return false
  const value = hashSecret(input.secret)
  await tx.db
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
  return true
}

/** Whether this lets the first visitor in, in the transaction that makes the account: with the first account, however made, the link is spent. */
export async function isFirstInvite(db: Kysely<Tables>, hash: string): Promise<boolean> {
  const invite = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst()
  return invite?.value === hash && !(await anyUser(db))
}
