import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { generator } from '#generator.ts'
import type { LossJob, LossResult, Restarted } from '#load/loss-job.ts'
import type { Workshop } from '#measure.ts'
import { makePeople } from '#programs/belfry-server.ts'
import { certificateOf } from '#programs/certificate.ts'
import { type Cluster, startCluster } from '#programs/cluster.ts'
import { findPostgres, findProgram, findRedis } from '#programs/find-program.ts'
import { inWords } from '#scenarios.ts'
import { percentile, spread } from '#statistics.ts'
import type { Figure } from './figure.ts'
import { allTogether, losses } from './losses.ts'

const BACK_MAX_MS = 2_000
const STEADY_MS = 500

/** Two nodes behind nginx are started anew, one right after the other, under people who follow and post. Nothing, where a program of these is missing. */
export async function rolling(runs: number, workshop: Workshop): Promise<Figure[]> {
  if (findPostgres() === null || findRedis() === null || findProgram('nginx') === null || findProgram('openssl') === null) return []
  const { followers, senders } = workshop.plan.rolling
  const who = `Node after node started anew under ${inWords(followers)} people`
  const rolled: LossResult[] = []
  for (let run = 0; run < runs; run++) {
    workshop.progress(`${who}: run ${run + 1} of ${runs}`)
    await using cluster = await startCluster(2, { WEB: 'off' })
    const { tokens, rooms } = await makePeople('', { people: followers + senders, databaseUrl: cluster.postgres.url })
    rolled.push(await rollOnce(cluster, { ...workshop.plan.rolling, tokens, room: rooms[0]! }))
  }
  const over = (share: number) => spread(rolled.map(({ tookMs }) => percentile(tookMs, share)))
  const part = 'rolling'
  return [
    ...losses(who, rolled, part),
    { what: `${who}: not let in at once`, unit: 'times', spread: allTogether(rolled, (run) => run.turnedAway), atMost: 0, part },
    { what: `${who}: away, p50`, unit: 'ms', spread: over(0.5), atMost: null, part },
    { what: '… p95', unit: 'ms', spread: over(0.95), atMost: BACK_MAX_MS, part },
  ]
}

/** All follow this room, in which nothing was said before, by way of nginx. */
export async function rollOnce({ nginx, nodes }: Cluster, people: Omit<LossJob, 'port' | 'ca' | 'losses'>): Promise<LossResult> {
  const job: LossJob = { ...people, port: nginx.port, ca: readFileSync(certificateOf(nginx), 'utf8'), losses: { is: 'rolling' } }
  const onGathered = async (): Promise<Restarted> => {
    await wait(STEADY_MS)
    for (const node of nodes) await node.restart()
    return { listensAt: performance.timeOrigin + performance.now() }
  }
  return generator<LossJob, LossResult>({ by: 'lose', job, onGathered })
}
