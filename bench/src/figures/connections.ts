import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { belfryContestant } from '#contestants/belfry.ts'
import type { Contestant } from '#contestants/contestant.ts'
import { wsLoop as wsContestant } from '#contestants/ws-loop.ts'
import { belfry } from '#dialects/belfry.ts'
import type { Dialect } from '#dialects/dialect.ts'
import { wsLoop } from '#dialects/ws-loop.ts'
import { gather } from '#load/crowd.ts'
import type { Workshop } from '#measure.ts'
import { makePeople, type PeopledFolder } from '#programs/belfry-server.ts'
import { residentBytes } from '#process-usage.ts'
import { hasRoomFor } from '#room-for.ts'
import { inWords } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import { inEitherOrder } from './either-order.ts'
import type { Figure } from './figure.ts'

const CONNECTIONS = 10_000
const RATIO_MAX = 1.5
/** For so long nothing has happened, before and after they come. What a start or greeting them took is given back within that time, or not at all. */
const IDLE_MS = 30_000
const KB = 1_000

/** The memory of a connection on which nothing happens: signed in and following at Belfry, with nothing of the kind at a bare `ws`. */
export async function connections(runs: number, workshop: Workshop): Promise<Figure[]> {
  const title = `The memory of ${inWords(CONNECTIONS)} connections`
  if (!hasRoomFor(title, { followers: CONNECTIONS, senders: 0 })) return []
  const people = await makePeople(join(workshop.root, 'connected'), { people: CONNECTIONS })
  const used = { ours: [] as number[], ratio: [] as number[] }
  for (let run = 0; run < runs; run++) {
    workshop.progress(`${title}: run ${run + 1} of ${runs}`)
    const at = { people, folder: join(workshop.root, 'connections') }
    const [ours, bare] = await inEitherOrder(run, [() => bytesEach(OURS, at), () => bytesEach(BARE, at)])
    used.ours.push(ours / KB)
    used.ratio.push(ours / bare)
  }
  const part = 'connections'
  return [
    { what: `Memory of each of ${inWords(CONNECTIONS)} idle connections`, unit: 'kB', spread: spread(used.ours), atMost: null, part },
    { what: '… ÷ the same of a bare ws', unit: '×', spread: spread(used.ratio), atMost: RATIO_MAX, part },
  ]
}

interface Speaking {
  contestant: Contestant
  dialect: Dialect
}

const OURS: Speaking = { contestant: belfryContestant, dialect: belfry }
const BARE: Speaking = { contestant: wsContestant, dialect: wsLoop }

/** How much the process has grown, for each of them. */
async function bytesEach({ contestant, dialect }: Speaking, at: { people: PeopledFolder; folder: string }): Promise<number> {
  const { tokens, rooms } = at.people
  try {
    await using server = await contestant.start(at)
    const [pid] = server.pids
    const before = await idleBytes(pid!)
    const crowd = await gather(dialect, { ports: [server.port], tokens, rooms, followers: tokens.length, senders: 0 })
    const after = await idleBytes(pid!)
    crowd.close()
    return (after - before) / tokens.length
  } finally {
    rmSync(at.folder, { recursive: true, force: true })
  }
}

async function idleBytes(pid: number): Promise<number> {
  await wait(IDLE_MS)
  return residentBytes(pid)
}
