import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Workshop } from '#measure.ts'
import { runBelfry, startBelfry } from '#programs/belfry-server.ts'
import { inWords } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

/** 153 days of #ubuntu, which stand beside the repository. */
const LOGS = fileURLToPath(new URL('../../../../shared/data/ubuntu-irc/', import.meta.url))
const MESSAGES = 196_146
const IMPORT_MAX_S = 60

/** The import of a large room by the command line, beside a server at which somebody posts one message after the other. */
export async function importHistory(runs: number, workshop: Workshop): Promise<Figure[]> {
  if (!existsSync(LOGS)) {
    console.log(`  The import is left out: ${LOGS} is not there.`)
    return []
  }
  const took = { import: [] as number[], post: [] as number[] }
  for (let run = 0; run < runs; run++) {
    workshop.progress(`Import: run ${run + 1} of ${runs}`)
    const { importS, longestPostMs } = await importOnce(workshop)
    took.import.push(importS)
    took.post.push(longestPostMs)
  }
  const part = 'import'
  return [
    { what: `Import of ${inWords(MESSAGES)} messages`, unit: 's', spread: spread(took.import), atMost: IMPORT_MAX_S, part },
    { what: "A post's longest wait meanwhile", unit: 'ms', spread: spread(took.post), atMost: null, part },
  ]
}

async function importOnce({ people, root }: Workshop): Promise<{ importS: number; longestPostMs: number }> {
  const folder = join(root, 'import')
  people.copyTo(folder)
  try {
    await using server = await startBelfry({ folder, web: 'off' })
    const over = new AbortController()
    const posting = longestPostMs({ port: server.port, token: people.tokens[0]! }, over.signal)
    const startedAt = performance.now()
    const { messages } = JSON.parse(await runBelfry({ DATA_DIR: folder }, ['import', 'irc', '--room', 'ubuntu', '--json', ...logs()]))
    const importS = (performance.now() - startedAt) / 1000
    over.abort()
    if (messages.stored !== MESSAGES) throw new Error(`${messages.stored} messages were stored, not ${MESSAGES}.`)
    return { importS, longestPostMs: await posting }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function logs(): string[] {
  return readdirSync(LOGS).flatMap((name) => (name.endsWith('.txt') ? [join(LOGS, name)] : []))
}

/** From when a message is first sent until it is stored, told to come again or not: the longest of all that were sent until `over`. */
async function longestPostMs(as: { port: number; token: string }, over: AbortSignal): Promise<number> {
  let longest = 0
  while (!over.aborted) {
    const startedAt = performance.now()
    while (!(await posted(as)));
    longest = Math.max(longest, performance.now() - startedAt)
  }
  return longest
}

const BUSY = 503

async function posted({ port, token }: { port: number; token: string }): Promise<boolean> {
  const headers = { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ body: 'meanwhile' })
  const { status } = await fetch(`http://127.0.0.1:${port}/api/v1/rooms/general/messages`, { method: 'POST', headers, body })
  if (status !== 201 && status !== BUSY) throw new Error(`A post was answered with ${status}.`)
  return status === 201
}
