import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Workshop } from '#measure.ts'
import { startBelfry } from '#programs/belfry-server.ts'
import { LONG_ROOM, makeLongRoom, messageId } from '#programs/long-room.ts'
import { inWords } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import { type As, askForPage, msOf } from './ask.ts'
import type { Figure } from './figure.ts'

const PAGE_MAX_MS = 10
/** So many of each in a run, after as many that do not count. */
const ASKED = 50

/** Pages of a long room's history, asked for one after the other over HTTP. */
export async function history(runs: number, workshop: Workshop): Promise<Figure[]> {
  const folder = join(workshop.root, 'history')
  workshop.people.copyTo(folder)
  workshop.progress(`A room with ${inWords(LONG_ROOM.messages)} messages is made`)
  await makeLongRoom(folder)
  try {
    await using server = await startBelfry({ folder, web: 'off' })
    const as = { port: server.port, token: workshop.people.tokens[0]! }
    const took = { first: [] as number[], around: [] as number[] }
    for (let run = 0; run < runs; run++) {
      workshop.progress(`Pages of history: run ${run + 1} of ${runs}`)
      took.first.push(await pageMs(as, () => 'before=51&limit=50'))
      took.around.push(await pageMs(as, (at) => `around=${messageId(1 + ((at * 3_907) % LONG_ROOM.messages))}&limit=100`))
    }
    const same = { unit: 'ms', atMost: PAGE_MAX_MS, part: 'history' } as const
    return [
      { ...same, what: `The first page of ${inWords(LONG_ROOM.messages)} messages`, spread: spread(took.first) },
      { ...same, what: 'A page around any one of them', spread: spread(took.around) },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The median of some. */
async function pageMs(as: As, query: (at: number) => string): Promise<number> {
  const took: number[] = []
  for (let at = 0; at < 2 * ASKED; at++) took.push(await msOf(() => askForPage(as, LONG_ROOM.id, query(at))))
  return spread(took.slice(ASKED)).median
}
