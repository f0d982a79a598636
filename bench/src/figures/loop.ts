import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { CORES, keepOn } from '#cores.ts'
import { generate, type Workshop } from '#measure.ts'
import { makePeople, type PeopledFolder, startBelfry } from '#programs/belfry-server.ts'
import { IN_FLIGHT, inWords, SENDERS } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

const FOLLOWERS = 100
const LATE_MAX_MS = 10
/** `/metrics` says how long it was between two looks at the clock that are to be so far from each other. */
const LOOKS_EVERY_MS = 10
const ASK_EVERY_MS = 50

/** How late the loop that serves sockets comes to what is due, while as many messages are in flight as in the broadcasts. */
export async function loop(runs: number, workshop: Workshop): Promise<Figure[]> {
  const people = await makePeople(join(workshop.root, 'delayed'), { people: FOLLOWERS + SENDERS })
  const late: Late[] = []
  for (let run = 0; run < runs; run++) {
    workshop.progress(`Delays of the loop: run ${run + 1} of ${runs}`)
    late.push(await lateOnce(people, workshop))
  }
  const what = `The loop comes late, ${IN_FLIGHT} messages in flight to ${inWords(FOLLOWERS)}: p50`
  return [
    { what, unit: 'ms', spread: spread(late.map(({ p50 }) => p50)), atMost: null, part: 'loop' },
    { what: '… p99', unit: 'ms', spread: spread(late.map(({ p99 }) => p99)), atMost: LATE_MAX_MS, part: 'loop' },
    { what: '… the longest', unit: 'ms', spread: spread(late.map(({ max }) => max)), atMost: null, part: 'loop' },
  ]
}

/** Milliseconds. */
interface Late {
  p50: number
  p99: number
  max: number
}

async function lateOnce({ tokens, rooms, copyTo }: PeopledFolder, { root, plan: { time } }: Workshop): Promise<Late> {
  const folder = join(root, 'delaying')
  copyTo(folder)
  try {
    await using server = await startBelfry({ folder, web: 'off' })
    const { port, pid } = server
    if (CORES) keepOn(CORES.servers, pid)
    const shape = { is: 'broadcast' as const, inFlight: IN_FLIGHT, ...time }
    const job = {
      dialect: 'belfry' as const,
      ports: [port],
      serverPids: [pid],
      tokens,
      rooms,
      followers: FOLLOWERS,
      senders: SENDERS,
      shape,
    }
    const [late, { isWhole }] = await Promise.all([lateWhileBusy(port, time), generate(job, CORES?.generator)])
    if (!isWhole) throw new Error('Not all arrived in time.')
    return late
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** From when it has warmed up. What is asked is as of since it was last asked. */
async function lateWhileBusy(port: number, { warmUpMs, measureMs }: Workshop['plan']['time']): Promise<Late> {
  while (of(await metrics(port), 'belfry_writes_total') === 0) await wait(ASK_EVERY_MS)
  await wait(warmUpMs)
  await metrics(port)
  await wait(measureMs * 0.9)
  const found = await metrics(port)
  const late = (share: string) => Math.max(0, of(found, `nodejs_eventloop_lag_${share}_seconds`) * 1_000 - LOOKS_EVERY_MS)
  return { p50: late('p50'), p99: late('p99'), max: late('max') }
}

function of(found: Map<string, number>, name: string): number {
  const value = found.get(name)
  if (value === undefined) throw new Error(`/metrics says nothing of ${name}.`)
  return value
}

/** Those without labels, by name. */
async function metrics(port: number): Promise<Map<string, number>> {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return new Map(
    page.split('\n').flatMap((line): [string, number][] => {
      const [, name, value] = /^(\w+) (\S+)$/.exec(line) ?? []
      return name ? [[name, Number(value)]] : []
    }),
  )
}
