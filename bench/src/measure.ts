import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Job, JobResult } from '#load/job.ts'
import { makePeople, type PeopledFolder } from '#programs/belfry-server.ts'
import type { Contestant } from './contestants/contestant.ts'
import { CORES, keepOn } from './cores.ts'
import { generator } from './generator.ts'
import type { Plan, Scenario } from './scenarios.ts'

/** A contestant's results in one scenario, a run each. The runs of all contestants belong together by their place. */
export interface Measured {
  contestant: Contestant
  runs: JobResult[]
}

/** All that was measured of one scenario. */
export interface Compared {
  scenario: Scenario
  measured: Measured[]
}

export interface Workshop {
  plan: Plan
  people: PeopledFolder
  /** Where folders of single runs may be made. */
  root: string
  progress(line: string): void
}

/** Makes as many people as take part, and lets the contestants run. Throws where anything was lost. */
export async function measure(scenario: Scenario, workshop: Workshop): Promise<Measured[]> {
  workshop.progress(`${scenario.title}: the people are made`)
  const folder = join(workshop.root, 'peopled')
  const people = await makePeople(folder, { people: scenario.followers + scenario.senders, rooms: scenario.rooms })
  try {
    return await inTurn(scenario, { ...workshop, people })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Each on a fresh server, in turn, and in the other order every other time. */
async function inTurn(scenario: Scenario, workshop: Workshop): Promise<Measured[]> {
  const { runs } = scenario
  const measured = scenario.contestants.map((contestant): Measured => ({ contestant, runs: [] }))
  for (let run = 0; run < runs; run++) {
    for (const { contestant, runs: results } of run % 2 === 0 ? measured : measured.toReversed()) {
      workshop.progress(`${scenario.title}: run ${run + 1} of ${runs}, ${contestant.name}`)
      results.push(await runOnce(contestant, scenario, workshop))
    }
  }
  return measured
}

/** All that was received and checked. */
export function deliveriesOf(measured: Measured[]): number {
  return measured.flatMap(({ runs }) => runs).reduce((sum, run) => sum + run.deliveries, 0)
}

async function runOnce(contestant: Contestant, scenario: Scenario, { people, root }: Workshop): Promise<JobResult> {
  const folder = join(root, 'run')
  try {
    await using server = await contestant.start({ people, folder })
    if (CORES) for (const pid of server.pids) keepOn(CORES.servers, pid)
    const { followers, senders, shape } = scenario
    const { tokens, rooms } = people
    const job = { dialect: contestant.dialect, ports: [server.port], serverPids: server.pids, tokens, rooms, followers, senders, shape }
    const result = await generate(job, CORES?.generator)
    if (!result.isWhole && contestant.is === 'belfry') throw new Error('Not all arrived in time.')
    return result
  } catch (cause) {
    throw new Error(`${scenario.title}, ${contestant.name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lets a load generator do one job, on these cores alone where they are named. Throws where anything was lost. */
export function generate(job: Job, cores?: string): Promise<JobResult> {
  return generator({ by: 'generate', job, cores })
}
