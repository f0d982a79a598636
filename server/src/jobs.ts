import type { Ringing } from '#chat/ringings.ts'
import type { Work } from '#jobs/worker.ts'
import type { RingPosition } from '#notifications/ring-members.ts'
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
      let position: RingPosition | null = { at: 0, afterUserId: '' }
      while (position) position = await does<RingPosition | null>('message.ring', { ...ringing, ...position })
    },
    'place.left': async ({ id: jobId, input }) => {
      await does('place.left', { jobId, ...(JSON.parse(input) as object) })
    },
  }
}
