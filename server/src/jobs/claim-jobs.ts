import { sql } from 'kysely'
import type { Write } from '#store/batch.ts'
import type { Job } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { dueJobs, TRIES_MAX } from './jobs.ts'

/** So many are taken at once. */
const CLAIMED_MAX = 20
/** Whoever has taken one and is not heard of any more: another takes it then. */
export const CLAIMED_FOR_MS = 30_000

/** `givenUp`: those whose last attempt nobody was heard of after. */
export interface Claimed {
  jobs: Job[]
  givenUp: Job[]
}

/**
 * job.claim: takes those that are due, in a transaction of its own [W5]; the one that waits longest first. An attempt counts when it begins: a
 * job that kills whoever does it is given up like one that fails.
 */
export async function claimJobs(tx: Tx, _: Write): Promise<Claimed> {
  const due = await tx.unclaimed(dueJobs(tx.db, tx.now).selectAll().orderBy('dueAt').orderBy('id').limit(CLAIMED_MAX)).execute()
  const givenUp = due.filter(({ tries }) => tries >= TRIES_MAX)
  const jobs = doneTogether(due.filter(({ tries }) => tries < TRIES_MAX))
  if (givenUp.length > 0) await jobsAmong(tx, givenUp).set({ failedAt: tx.now, claimedUntil: null }).execute()
  const claim = { claimedUntil: tx.now + CLAIMED_FOR_MS, tries: sql<number>`tries + 1` }
  if (jobs.length > 0) await jobsAmong(tx, jobs).set(claim).execute()
  return { jobs: jobs.map((job) => ({ ...job, tries: job.tries + 1 })), givenUp }
}

/** Pure. One that somebody took before and was not heard of after may have killed them: it is done alone, so that it takes no others along. */
function doneTogether(jobs: Job[]): Job[] {
  const lost = jobs.findIndex(({ claimedUntil }) => claimedUntil !== null)
  if (lost < 0) return jobs
  return jobs.slice(0, Math.max(1, lost))
}

function jobsAmong(tx: Tx, jobs: Job[]) {
  const ids = jobs.map(({ id }) => id)
  return tx.db.updateTable('jobs').where('id', 'in', ids)
}
