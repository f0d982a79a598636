import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

/** Whether something is to be done now. */
export async function isJobDue(db: Kysely<Tables>, now: number): Promise<boolean> {
  const open = db.selectFrom('jobs').select('id').where('failedAt', 'is', null).where('dueAt', '<=', now)
  const free = open.where((eb) => eb.or([eb('claimedUntil', 'is', null), eb('claimedUntil', '<=', now)]))
  return (await free.limit(1).executeTakeFirst()) !== undefined
}

/** It is done: said in the transaction of its effect [W5]. */
export async function finishJob(tx: Tx, id: string): Promise<void> {
  await tx.db.deleteFrom('jobs').where('id', '=', id).execute()
}
