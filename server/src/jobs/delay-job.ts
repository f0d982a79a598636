import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { TRIES_MAX } from './jobs.ts'

const AGAIN_FIRST_MS = 1_000
const AGAIN_MOST_MS = 10 * 60_000

/** job.delay: an attempt has failed. The next comes later each time; the last there is none after. Answers whether it was given up; after another claim nothing is changed. */
export async function delayJob(tx: Tx, { input }: Write<{ id: string; tries: number }>): Promise<boolean> {
  const isOver = input.tries >= TRIES_MAX
  const dueAt = tx.now + Math.min(AGAIN_MOST_MS, AGAIN_FIRST_MS * 2 ** (input.tries - 1))
  const to = isOver ? { failedAt: tx.now } : { dueAt }
  await tx.db
    .updateTable('jobs')
    .set({ ...to, claimedUntil: null })
    .where('id', '=', input.id)
    .where('tries', '=', input.tries)
    .execute()
  return isOver
}
