import { number } from '#report/numbers.ts'
import { percentile } from '#statistics.ts'
import type { Outcome } from './outcome.ts'

const LIVE_ELSEWHERE_MAX_MS = 2_000
const BUS_BACK_MAX_MS = 1_000
/** Of fewer the p95 is the longest of them. */
export const SAMPLES_MIN = 10

/** How long something took, each time that it happened. */
export interface Time {
  what: string
  /** Shortest first. */
  tookMs: number[]
  /** What the p95 is held to; null: to nothing. */
  p95MaxMs: number | null
}

/** A node that stands alone has no other, and no Redis: it is held to nothing. */
export function timesOf({ plan, backMs, busBackMs }: Outcome): Time[] {
  const time = (what: string, tookMs: number[], p95MaxMs: number | null): Time => {
    return { what, tookMs: tookMs.toSorted((one, other) => one - other), p95MaxMs: plan.nodes > 1 ? p95MaxMs : null }
  }
  return [
    time('from the SIGKILL of a node until its clients were live elsewhere', backMs.killed, LIVE_ELSEWHERE_MAX_MS),
    time('from being sent away by a node that stops until they were live elsewhere', backMs.stopped, null),
    time('from when a Redis that was killed is there again until every node heard by way of it', busBackMs.killed, BUS_BACK_MAX_MS),
    time('from when a Redis that stood still goes on until every node heard by way of it', busBackMs.stoodStill, null),
  ]
}

/** Whether a time is what it is to be; null: it is held to nothing. */
export function reached({ tookMs, p95MaxMs }: Time): 'yes' | 'no' | 'too few to say' | null {
  if (p95MaxMs === null) return null
  if (tookMs.length < SAMPLES_MIN) return 'too few to say'
  return percentile(tookMs, 0.95) <= p95MaxMs ? 'yes' : 'no'
}

/** A sentence for each time that is longer than it is to be. */
export function tooLong(outcome: Outcome): string[] {
  const those = timesOf(outcome).filter((time) => reached(time) === 'no')
  return those.map(({ what, tookMs, p95MaxMs }) => {
    const p95 = `${number(percentile(tookMs, 0.95))} ms (p95 of ${number(tookMs.length)})`
    return `It took ${p95} ${what}; ${number(p95MaxMs!)} ms are the most that it is to take.`
  })
}
