import type { Shape } from '#load/job.ts'
import type { Part } from './arguments.ts'
import { type Contestant, contestants } from './contestants.ts'

/** How much is measured. */
export interface Plan {
  runs: number
  followers: number[]
  latency: { warmUpMessages: number; messages: number }
  time: { warmUpMs: number; measureMs: number }
  acknowledgedSenders: number
}

export const WHOLE: Plan = {
  runs: 5,
  followers: [100, 1_000],
  latency: { warmUpMessages: 100, messages: 400 },
  time: { warmUpMs: 1_000, measureMs: 3_000 },
  acknowledgedSenders: 100,
}

/** Shows that everything works and every count is right, within seconds; its figures say nothing. */
export const QUICK: Plan = {
  runs: 1,
  followers: [20],
  latency: { warmUpMessages: 5, messages: 20 },
  time: { warmUpMs: 50, measureMs: 150 },
  acknowledgedSenders: 10,
}

const IN_FLIGHT = 256
/** Belfry answers 200 calls of one connection at a time; more than a few senders share the load more evenly. */
const SENDERS = 8

/** One table of the results: what each contestant is made to do. */
export interface Scenario {
  part: Part
  title: string
  contestants: Contestant[]
  followers: number
  senders: number
  shape: Shape
}

export function scenariosOf(plan: Plan): Scenario[] {
  const { followers, latency, time, acknowledgedSenders } = plan
  return [
    ...followers.map((count) =>
      scenario('latency', `One message at a time to ${inWords(count)} followers`, {
        followers: count,
        shape: { is: 'latency', ...latency },
      }),
    ),
    ...followers.map((count) =>
      scenario('broadcast', `${IN_FLIGHT} messages in flight to ${inWords(count)} followers`, {
        followers: count,
        senders: SENDERS,
        shape: { is: 'broadcast', inFlight: IN_FLIGHT, ...time },
      }),
    ),
    scenario('acknowledged', `${acknowledgedSenders} senders, each waiting for its acknowledgement`, {
      senders: acknowledgedSenders,
      shape: { is: 'acknowledged', ...time },
    }),
  ]
}

function scenario(part: Part, title: string, rest: Partial<Scenario> & Pick<Scenario, 'shape'>): Scenario {
  return { part, title, contestants, followers: 1, senders: 1, ...rest }
}

export function inWords(count: number): string {
  return count.toLocaleString('en')
}
