import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FromGenerator, Job, JobResult } from '#load/job.ts'
import type { PeopledFolder } from '#programs/belfry-server.ts'
import { own } from '#programs/program.ts'
import type { Contestant } from './contestants.ts'
import type { Scenario } from './scenarios.ts'

const GENERATOR = fileURLToPath(new URL('./load/generate.ts', import.meta.url))
const JOB_WITHIN_MS = 120_000

/** A contestant's results in one scenario, a run each. The runs of all contestants belong together by their place. */
export interface Measured {
  contestant: Contestant
  runs: JobResult[]
}

export interface Workshop {
  people: PeopledFolder
  /** Where folders of single runs may be made. */
  root: string
  progress(line: string): void
}

/** Lets the contestants run, each on a fresh server, in turn, and in the other order every other time. Throws where anything was lost. */
export async function measure(scenario: Scenario, runs: number, workshop: Workshop): Promise<Measured[]> {
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
    const { followers, senders, shape } = scenario
    return await generate({
      dialect: contestant.dialect,
      ports: [server.port],
      serverPids: [server.pid],
      tokens: people.tokens,
      followers,
      senders,
      shape,
    })
  } catch (cause) {
    throw new Error(`${scenario.title}, ${contestant.name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lets a load generator do one job. Throws where anything was lost. */
export async function generate(job: Job): Promise<JobResult> {
  const generator = fork(GENERATOR)
  own(generator)
  const late = setTimeout(() => generator.kill('SIGKILL'), JOB_WITHIN_MS)
  let answer: FromGenerator = { is: 'failed', reason: 'The load generator ended without an answer.' }
  generator.once('message', (message: FromGenerator) => (answer = message))
  generator.send(job)
  await once(generator, 'exit')
  clearTimeout(late)
  return resultOf(answer)
}

function resultOf(answer: FromGenerator): JobResult {
  if (answer.is === 'failed') throw new Error(answer.reason)
  return answer.result
}
