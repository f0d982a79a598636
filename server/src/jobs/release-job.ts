import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'

/** job.release: whoever took it has not begun it and stops. `tries`: with the attempt that does not take place; after another claim nothing is changed. */
export async function releaseJob(tx: Tx, { input }: Write<{ id: string; tries: number }>): Promise<void> {
  await tx.db
    .updateTable('jobs')
    .set({ claimedUntil: null, tries: input.tries - 1 })
    .where('id', '=', input.id)
    .where('tries', '=', input.tries)
    .execute()
}
