import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { generator } from '#generator.ts'
import type { LossJob, LossResult, Restarted } from '#load/loss-job.ts'
import type { Workshop } from '#measure.ts'
import { makePeople, type PeopledFolder, startNode } from '#programs/belfry-server.ts'
import type { LocalProgram } from '#programs/local-program.ts'
import { freePort } from '#programs/program.ts'
import { hasRoomFor } from '#room-for.ts'
import { inWords } from '#scenarios.ts'
import { percentile, spread } from '#statistics.ts'
import type { Figure } from './figure.ts'
import { losses } from './losses.ts'

const BACK_MAX_MS = 2_000
/** The 1,000 that it lets through by itself would take so many people 5 s. */
export const HANDSHAKES_PER_SECOND = 5_000
const SETTINGS = { WEB: 'off', HANDSHAKES_PER_SECOND: String(HANDSHAKES_PER_SECOND) }
const STEADY_MS = 500

/** What one restart was like. */
interface Deployed {
  /** `tookMs`: from when the server listened until each was live again. */
  result: LossResult
  /** From the signal that stopped the server until it listened again. */
  awayMs: number
}

/** The server is restarted under many who follow a room in which somebody always says something. */
export async function deploy(runs: number, workshop: Workshop): Promise<Figure[]> {
  const { followers, senders } = workshop.plan.deploy
  const who = `${inWords(followers)} people`
  if (!hasRoomFor(`The restart under ${who}`, workshop.plan.deploy)) return []
  const people = await makePeople(join(workshop.root, 'restarted'), { people: followers + senders })
  const deployed: Deployed[] = []
  for (let run = 0; run < runs; run++) {
    workshop.progress(`A restart under ${who}: run ${run + 1} of ${runs}`)
    deployed.push(await deployOnce(people, workshop))
  }
  return figuresOf(deployed, `A restart under ${who}`)
}

function figuresOf(deployed: Deployed[], what: string): Figure[] {
  const over = (pick: (one: Deployed) => number) => spread(deployed.map(pick))
  const same = { part: 'deploy', atMost: null } as const
  const back = (share: number) => over(({ result }) => percentile(result.tookMs, share))
  const fromSigterm = over(({ result, awayMs }) => awayMs + percentile(result.tookMs, 0.95))
  const runs = deployed.map(({ result }) => result)
  const ms = { ...same, unit: 'ms' } as const
  return [
    ...losses(what, runs, 'deploy'),
    { ...ms, what: `${what}: back, p50`, spread: back(0.5) },
    { ...ms, what: '… p95', spread: back(0.95), atMost: BACK_MAX_MS },
    { ...ms, what: '… the last', spread: back(1) },
    { ...ms, what: '… p95, from SIGTERM on', spread: fromSigterm },
  ]
}

async function deployOnce({ tokens, rooms, copyTo }: PeopledFolder, { root, plan }: Workshop): Promise<Deployed> {
  const folder = join(root, 'restarting')
  copyTo(folder)
  try {
    await using server = await startNode({ folder, port: await freePort() }, SETTINGS)
    let awayMs = Number.NaN
    const job: LossJob = { ...plan.deploy, port: server.port, tokens, room: rooms[0]!, losses: { is: 'restart' } }
    const onGathered = async (): Promise<Restarted> => {
      await wait(STEADY_MS)
      awayMs = await restart(server)
      return { listensAt: performance.timeOrigin + performance.now() }
    }
    const result = await generator<LossJob, LossResult>({ by: 'lose', job, onGathered })
    return { result, awayMs }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Answers after how many milliseconds, from the signal on, it listened again. */
async function restart(server: LocalProgram): Promise<number> {
  const saidAt = performance.now()
  await server.restart()
  return performance.now() - saidAt
}
