import type { Shape } from '#load/job.ts'
import type { Cuts } from '#load/loss-job.ts'
import type { Part } from './arguments.ts'
import type { Contestant } from './contestants/contestant.ts'

/** How much is measured. */
export interface Plan {
  runs: number
  /** Of the largest, and of what only stands beside another. */
  runsOfOthers: number
  followers: number[]
  /** Deliveries bound the messages where there are many followers. */
  latency: { warmUpMessages: number; messages: number; deliveriesMax: number }
  time: { warmUpMs: number; measureMs: number }
  rooms: { count: number; of: number }
  acknowledgedSenders: number[]
  jitter: Gathered & { cuts: Omit<Cuts, 'is'> }
  deploy: Gathered
  rolling: Gathered
  /** Messages in a room, and how often each thing is asked for in a run, after as many times that do not count. */
  lengths: { short: number; long: number; asked: number }
  /** Rooms of one person. */
  places: number
}

/** Who follow one room, and those who post there meanwhile, each so often. */
interface Gathered {
  followers: number
  senders: number
  postEveryMs: number
}

export const WHOLE: Plan = {
  runs: 5,
  runsOfOthers: 3,
  followers: [100, 1_000, 10_000],
  latency: { warmUpMessages: 50, messages: 300, deliveriesMax: 500_000 },
  time: { warmUpMs: 1_000, measureMs: 2_500 },
  rooms: { count: 1_000, of: 10 },
  acknowledgedSenders: [1, 10, 100, 1_000],
  jitter: { followers: 200, senders: 4, postEveryMs: 16, cuts: { times: 2, everyMs: 15_000, forMs: 2_000 } },
  deploy: { followers: 5_000, senders: 1, postEveryMs: 500 },
  rolling: { followers: 500, senders: 4, postEveryMs: 100 },
  lengths: { short: 100_000, long: 1_000_000, asked: 50 },
  places: 1_000,
}

/** Shows that everything works and every count is right, within seconds; its figures say nothing. */
export const QUICK: Plan = {
  runs: 1,
  runsOfOthers: 1,
  followers: [20],
  latency: { warmUpMessages: 5, messages: 20, deliveriesMax: 500_000 },
  time: { warmUpMs: 50, measureMs: 150 },
  rooms: { count: 10, of: 3 },
  acknowledgedSenders: [10],
  jitter: { followers: 20, senders: 4, postEveryMs: 16, cuts: { times: 3, everyMs: 500, forMs: 100 } },
  deploy: { followers: 30, senders: 1, postEveryMs: 20 },
  rolling: { followers: 20, senders: 2, postEveryMs: 20 },
  lengths: { short: 1_000, long: 10_000, asked: 5 },
  places: 10,
}

export const IN_FLIGHT = 256
/** Belfry answers 200 calls of one connection at a time; more than a few senders share the load more evenly. */
export const SENDERS = 8

/** Who takes part, and how many they are. */
export interface Size {
  part: Part
  rooms: number
  /** In all rooms together, as the senders. */
  followers: number
  senders: number
}

/** One table of the results: what each contestant is made to do. */
export interface Scenario extends Size {
  title: string
  runs: number
  contestants: Contestant[]
  shape: Shape
}

export function scenariosOf(plan: Plan, contestants: Contestant[]): Scenario[] {
  const all = [...latencies(plan), ...broadcasts(plan), manyRooms(plan), ...acknowledgements(plan)]
  return all.map((scenario) => ({
    ...scenario,
    runs: isMain(scenario) ? plan.runs : plan.runsOfOthers,
    contestants: contestants.filter((contestant) => contestant.plays(scenario)),
  }))
}

type Planned = Omit<Scenario, 'contestants' | 'runs'>

function isMain({ part, followers, senders }: Planned): boolean {
  return part === 'acknowledged' ? senders === 100 : followers <= 1_000
}

function latencies({ followers, latency }: Plan): Planned[] {
  return followers.map((count) => {
    const atMost = (messages: number) => Math.min(messages, Math.ceil(latency.deliveriesMax / count))
    return {
      part: 'latency',
      title: `One message at a time to ${inWords(count)} followers`,
      rooms: 1,
      followers: count,
      senders: 1,
      shape: { is: 'latency', warmUpMessages: atMost(latency.warmUpMessages), messages: atMost(latency.messages) },
    }
  })
}

function broadcasts({ followers, time }: Plan): Planned[] {
  return followers.map((count) => ({
    part: 'broadcast',
    title: `${IN_FLIGHT} messages in flight to ${inWords(count)} followers`,
    rooms: 1,
    followers: count,
    senders: SENDERS,
    shape: { is: 'broadcast', inFlight: IN_FLIGHT, ...time },
  }))
}

/** One sends in each. */
function manyRooms({ rooms, time }: Plan): Planned {
  return {
    part: 'rooms',
    title: `${IN_FLIGHT} messages in flight in ${inWords(rooms.count)} rooms of ${rooms.of} followers`,
    rooms: rooms.count,
    followers: rooms.count * rooms.of,
    senders: rooms.count,
    shape: { is: 'broadcast', inFlight: IN_FLIGHT, ...time },
  }
}

function acknowledgements({ acknowledgedSenders, time }: Plan): Planned[] {
  return acknowledgedSenders.map((senders) => ({
    part: 'acknowledged',
    title:
      senders === 1 ? 'One sender, waiting for each acknowledgement' : `${inWords(senders)} senders, each waiting for its acknowledgement`,
    rooms: 1,
    followers: 1,
    senders,
    shape: { is: 'acknowledged', ...time },
  }))
}

export function inWords(count: number): string {
  return count.toLocaleString('en')
}
