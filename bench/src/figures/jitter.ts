import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { generator } from '#generator.ts'
import type { LossJob, LossResult } from '#load/loss-job.ts'
import type { Workshop } from '#measure.ts'
import { makePeople, type PeopledFolder, startBelfry } from '#programs/belfry-server.ts'
import { inWords } from '#scenarios.ts'
import { percentile, spread } from '#statistics.ts'
import type { Figure } from './figure.ts'
import { losses } from './losses.ts'

const REPLAYED_MAX_MS = 1_000

/** Many follow a room in which somebody always says something, and each loses their connection again and again. */
export async function jitter(runs: number, workshop: Workshop): Promise<Figure[]> {
  const { followers, senders, cuts } = workshop.plan.jitter
  const people = await makePeople(join(workshop.root, 'cut'), { people: followers + senders })
  const cut: LossResult[] = []
  for (let run = 0; run < Math.min(runs, workshop.plan.runsOfOthers); run++) {
    workshop.progress(`Connections that are cut: run ${run + 1}`)
    cut.push(await cutOnce(people, workshop))
  }
  const who = `${inWords(followers)} followers cut off every ${cuts.everyMs / 1_000} s for ${cuts.forMs / 1_000} s`
  const over = (share: number) => spread(cut.map(({ tookMs }) => percentile(tookMs, share)))
  const part = 'jitter'
  return [
    ...losses(who, cut, part),
    { what: `${who}: what was missed has come, p50`, unit: 'ms', spread: over(0.5), atMost: null, part },
    { what: '… p99', unit: 'ms', spread: over(0.99), atMost: REPLAYED_MAX_MS, part },
  ]
}

async function cutOnce({ tokens, rooms, copyTo }: PeopledFolder, { root, plan }: Workshop): Promise<LossResult> {
  const folder = join(root, 'cutting')
  copyTo(folder)
  try {
    await using server = await startBelfry({ folder, web: 'off' })
    const { cuts, ...gathered } = plan.jitter
    const job: LossJob = { ...gathered, port: server.port, tokens, room: rooms[0]!, losses: { is: 'cuts', ...cuts } }
    return await generator({ by: 'lose', job })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
