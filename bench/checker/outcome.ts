import type { BusEnd, NodeEnd } from './conductor.ts'
import type { Verdict } from './judge/verdict.ts'
import type { Plan } from './plan.ts'
import { tooLong } from './times.ts'

/** What a run has shown. */
export interface Outcome {
  plan: Plan
  /** Who did not come in the beginning, and what did not come to rest in the end, or back meanwhile, in the time that is allowed. */
  missing: string[]
  unrest: string[]
  lastedMs: number
  /** How often each was made. */
  faults: Record<string, number>
  tally: { deliveries: number; acknowledged: number; refused: Record<string, number> }
  clients: number
  stored: { messages: number; notifications: number }
  /** From losing a node that was killed, or stopped, until a client of it was live elsewhere, milliseconds each. */
  backMs: Record<NodeEnd, number[]>
  /** From the return of Redis until every node hears by way of it, milliseconds each. */
  busBackMs: Record<BusEnd, number[]>
  verdicts: Verdict[]
}

export function isWell(outcome: Outcome): boolean {
  return [outcome.missing, outcome.unrest, outcome.verdicts, tooLong(outcome)].every((found) => found.length === 0)
}
