import type { Write } from '#store/batch.ts'
import type { Job } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { dueJobs } from './jobs.ts'

/** So many are taken at once. */
const CLAIMED_MAX = 20
/** Whoever has taken one and is not heard of any more: another takes it then. */
export const CLAIMED_FOR_MS = 60_000

/** job.claim: takes those that are due, in a transaction of its own [W5]; the one that waits longest first. */
export async function claimJobs(tx: Tx, _: Write): Promise<Job[]> {
  const due = await dueJobs(tx.db, tx.now).selectAll().orderBy('dueAt').orderBy('id').limit(CLAIMED_MAX).execute()
  if (due.length === 0) return []
  const ids = due.map(({ id }) => id)
  await tx.db
    .updateTable('jobs')
    .set((eb) => ({ claimedUntil: tx.now + CLAIMED_FOR_MS, tries: eb('tries', '+', 1) }))
    .where('id', 'in', ids)
    .execute()
  return due.map((job) => ({ ...job, tries: job.tries + 1 }))
}
