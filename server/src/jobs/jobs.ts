import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

/** After so many attempts a job is given up, and stays in its table for whoever looks why. */
export const TRIES_MAX = 10

/** Whether something is to be done now. */
export async function isJobDue(db: Kysely<Tables>, now: number): Promise<boolean> {
  return (await dueJobs(db, now).select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Those that are to be done now, and that nobody does. */
export function dueJobs(db: Kysely<Tables>, now: number) {
  const open = db.selectFrom('jobs').where('failedAt', 'is', null).where('dueAt', '<=', now)
  return open.where((eb) => eb.or([eb('claimedUntil', 'is', null), eb('claimedUntil', '<=', now)]))
}

/** It is done: said in the transaction of its effect [W5]. */
export async function finishJob(tx: Tx, id: string): Promise<void> {
  await tx.db.deleteFrom('jobs').where('id', '=', id).execute()
}
