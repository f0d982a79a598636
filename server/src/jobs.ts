import type { Ringing } from '#chat/ringings.ts'
import type { Work } from '#jobs/worker.ts'
import type { Ring, RingPosition } from '#notifications/ring-members.ts'
import type { Store } from '#store/store.ts'

/** What jobs are done with. */
export interface JobSurroundings {
  store: Store
  /** Who has a connection now. */
  online(): Iterable<string>
}

/** Kind of job → what does it. All of its effect is in writes, which finish it. */
export function jobWork(at: JobSurroundings): Record<string, Work> {
  const does = <Result>(name: string, input: unknown) => at.store.write<Result>({ name, input, actor: { is: 'operator' } })
  return {
    'message.ring': async ({ id: jobId, input }) => {
      const ringing = { jobId, ...(JSON.parse(input) as Ringing), online: [...at.online()] }
      await ringEach(ringing, (ring) => does('message.ring', ring))
    },
    'place.left': async ({ id: jobId, input }) => {
      await does('place.left', { jobId, ...(JSON.parse(input) as object) })
    },
  }
}

/** A message that cannot ring holds up no other: it is left to a job of its own, which fails by itself. */
async function ringEach(
  ringing: Omit<Ring, 'failed' | keyof RingPosition>,
  rings: (ring: Ring) => Promise<RingPosition | null>,
): Promise<void> {
  const { messageIds } = ringing
  const failed: string[] = []
  let position: RingPosition | null = { at: 0, afterUserId: '' }
  while (position) {
    const { at }: RingPosition = position
    position = await rings({ ...ringing, ...position, failed }).catch((error: unknown) => {
      if (messageIds.length === 1 || at >= messageIds.length) throw error
      failed.push(messageIds[at]!)
      return { at: at + 1, afterUserId: '' }
    })
  }
}
