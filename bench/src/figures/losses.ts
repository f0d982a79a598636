import type { Part } from '#arguments.ts'
import type { LossResult } from '#load/loss-job.ts'
import { type Spread, spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

/** What no run is to lose. */
export function losses(what: string, runs: LossResult[], part: Part): Figure[] {
  const none = { part, atMost: 0 } as const
  return [
    { ...none, what: `${what}: not delivered`, unit: 'deliveries', spread: allTogether(runs, ({ notDelivered }) => notDelivered) },
    { ...none, what: `${what}: gave up`, unit: 'people', spread: allTogether(runs, ({ gaveUp }) => gaveUp) },
  ]
}

/** Of all runs: a median would hide the one in which something was lost. */
export function allTogether(runs: LossResult[], pick: (run: LossResult) => number): Spread {
  return spread([runs.reduce((sum, run) => sum + pick(run), 0)])
}
