import type { Part } from '#arguments.ts'
import type { LossResult } from '#load/loss-job.ts'
import { spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

/** What no run is to lose. Of all runs together: a median would hide the one in which something was lost. */
export function losses(what: string, runs: LossResult[], part: Part): Figure[] {
  const all = (pick: (run: LossResult) => number) => spread([runs.reduce((sum, run) => sum + pick(run), 0)])
  const none = { part, atMost: 0 } as const
  return [
    { ...none, what: `${what}: not delivered`, unit: 'deliveries', spread: all(({ notDelivered }) => notDelivered) },
    { ...none, what: `${what}: gave up`, unit: 'people', spread: all(({ gaveUp }) => gaveUp) },
  ]
}
