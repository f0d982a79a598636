import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { catchUp } from '#load/catch-up.ts'
import type { Workshop } from '#measure.ts'
import { startBelfry } from '#programs/belfry-server.ts'
import { inWords } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

/** As many as are told one by one, together with the rows of those who posted them: whoever missed more gets a snapshot. */
const MISSED = 4_900
const CAUGHT_UP_MAX_MS = 300
/** One who is away, and those who post meanwhile. */
const PEOPLE = 51

/** How soon who was away has what was said meanwhile: from when they connect until the last message is there. */
export async function caughtUp(runs: number, workshop: Workshop): Promise<Figure[]> {
  const took: number[] = []
  for (let run = 0; run < runs; run++) {
    workshop.progress(`${inWords(MISSED)} missed messages: run ${run + 1} of ${runs}`)
    took.push(await caughtUpMs(workshop))
  }
  const what = `${inWords(MISSED)} missed messages have come`
  return [{ what, unit: 'ms', spread: spread(took), atMost: CAUGHT_UP_MAX_MS, part: 'catch-up' }]
}

async function caughtUpMs({ people, root }: Workshop): Promise<number> {
  const folder = join(root, 'caught-up')
  people.copyTo(folder)
  try {
    await using server = await startBelfry({ folder, web: 'off' })
    return await catchUp({ port: server.port, tokens: people.tokens.slice(0, PEOPLE) }, MISSED)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
