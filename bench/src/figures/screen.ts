import { belfryContestant } from '#contestants/belfry.ts'
import { measure, type Workshop } from '#measure.ts'
import type { Scenario } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

const SCENARIO: Omit<Scenario, 'runs'> = {
  part: 'screen',
  title: 'A message on another screen',
  contestants: [belfryContestant],
  rooms: 1,
  followers: 1,
  senders: 1,
  shape: { is: 'latency', warmUpMessages: 200, messages: 1_000 },
}

/** One person posts, another's socket receives the change: stored, and sent on. */
export async function screen(runs: number, workshop: Workshop): Promise<Figure[]> {
  const [measured] = await measure({ ...SCENARIO, runs }, workshop)
  const over = (name: string) => spread(measured!.runs.map((run) => run.figures[name]!))
  const same = { unit: 'ms', atMost: null, part: 'screen' } as const
  return [
    { ...same, what: 'A message on another screen, p50', spread: over('p50') },
    { ...same, what: 'A message on another screen, p99', spread: over('p99') },
  ]
}
