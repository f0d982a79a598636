import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { belfry } from '#dialects/belfry.ts'
import { gather } from '#load/crowd.ts'
import type { Workshop } from '#measure.ts'
import { residentBytes } from '#process-usage.ts'
import { startBelfry } from '#programs/belfry-server.ts'
import { spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

const MIB = 1024 * 1024
const MEMORY_MAX_MIB = 180
export const IDLE_CONNECTIONS = 100
const SAMPLES = 12
const SAMPLE_EVERY_MS = 250

/** Resident memory of the whole server process, writer thread included, while nothing happens. */
export async function memory(runs: number, workshop: Workshop): Promise<Figure[]> {
  const used = { alone: [] as number[], connected: [] as number[] }
  for (let run = 0; run < runs; run++) {
    workshop.progress(`Idle memory: run ${run + 1} of ${runs}`)
    const { alone, connected } = await idle(workshop)
    used.alone.push(alone)
    used.connected.push(connected)
  }
  const same = { unit: 'MiB', atMost: MEMORY_MAX_MIB, part: 'memory' } as const
  return [
    { ...same, what: 'Idle memory, nobody connected', spread: spread(used.alone) },
    { ...same, what: `Idle memory, ${IDLE_CONNECTIONS} people connected`, spread: spread(used.connected) },
  ]
}

async function idle({ people, root }: Workshop): Promise<{ alone: number; connected: number }> {
  const folder = join(root, 'idle')
  people.copyTo(folder)
  try {
    await using server = await startBelfry({ folder, web: 'on' })
    const alone = await residentMib(server.pid)
    const crowd = await gather(belfry, {
      ports: [server.port],
      tokens: people.tokens,
      rooms: people.rooms,
      followers: IDLE_CONNECTIONS,
      senders: 0,
    })
    const connected = await residentMib(server.pid)
    crowd.close()
    return { alone, connected }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The middle of some seconds. */
async function residentMib(pid: number): Promise<number> {
  const samples: number[] = []
  for (let at = 0; at < SAMPLES; at++) {
    await wait(SAMPLE_EVERY_MS)
    samples.push(residentBytes(pid) / MIB)
  }
  return spread(samples).median
}
