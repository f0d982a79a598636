import { userTopic } from '@belfry/protocol/topics.ts'
import { findPlace } from '#accounts/memberships.ts'
import { finishJob } from '#jobs/jobs.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { markRungRead } from './rung-notifications.ts'

/** place.left: what rang of a room in which somebody is no member any more waits for nobody; nor, where they are back, what was there before. It does the job that promised it. */
export async function readLeftRoom(tx: Tx, { input }: Write<{ jobId: string; userId: string; roomId: string }>): Promise<null> {
  const { jobId, userId, roomId } = input
  await tx.lock(userTopic(userId))
  await finishJob(tx, jobId)
  const place = await findPlace(tx.db, userId, roomId)
  const upTo = place?.endedAt === null ? place.readTo : Number.MAX_SAFE_INTEGER
  if (place) await markRungRead(tx, { userId, roomId, upTo })
  return null
}
