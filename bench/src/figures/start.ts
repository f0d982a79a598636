import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Workshop } from '#measure.ts'
import { startBelfry } from '#programs/belfry-server.ts'
import { spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

const START_MAX_MS = 1_000

/** From the start of the process until it listens, with the web app built before: the first start of all builds it. */
export async function start(runs: number, { people, root, progress }: Workshop): Promise<Figure[]> {
  const [existing, fresh] = [join(root, 'existing'), join(root, 'new')]
  people.copyTo(existing)
  progress('Start to listening: the first start, which builds the web app where that is needed')
  await startMs(existing)
  const took = { existing: [] as number[], fresh: [] as number[] }
  for (let run = 0; run < runs; run++) {
    progress(`Start to listening: run ${run + 1} of ${runs}`)
    took.existing.push(await startMs(existing))
    took.fresh.push(await startMs(fresh))
    rmSync(fresh, { recursive: true })
  }
  const same = { unit: 'ms', atMost: START_MAX_MS, part: 'start' } as const
  return [
    { ...same, what: 'Start to listening, data folder that exists', spread: spread(took.existing) },
    { ...same, what: 'Start to listening, new data folder', spread: spread(took.fresh) },
  ]
}

async function startMs(folder: string): Promise<number> {
  await using server = await startBelfry({ folder, web: 'on' })
  return server.startMs
}
