import { parseArgs } from 'node:util'
import { readOrExplain } from './command-line.ts'

/** Those of what Belfry by itself is measured by that the quick benchmark tries as well. */
const TRIED = ['lengths', 'jitter', 'deploy'] as const
/** What Belfry by itself is measured by, and what is compared with others. */
const FIGURES = [
  'start',
  'memory',
  'screen',
  'javascript',
  'import',
  'history',
  'page',
  'nodes',
  'rolling',
  'catch-up',
  'members',
  'connections',
  'places',
  'loop',
  ...TRIED,
] as const
const SCENARIOS = ['latency', 'broadcast', 'rooms', 'acknowledged'] as const

export type Part = (typeof FIGURES)[number] | (typeof SCENARIOS)[number]

/** What was asked for. */
export interface Asked {
  quick: boolean
  write: boolean
  parts: readonly Part[]
  /** Null: as many as the plan says. */
  runs: number | null
}

const USAGE = `npm run bench -- [--quick] [--only PART] [--runs N] [--write]
  --quick   checks that everything works, within seconds; its figures say nothing
  --only    one or more of: ${[...FIGURES, ...SCENARIOS].join(', ')}
  --runs    how often each is measured, instead of 5 times
  --write   writes docs/performance.md; not together with the others`

/** Reads the command line. Ends the process where it makes no sense. */
export function readArguments(): Asked {
  return readOrExplain(asked, USAGE)
}

function asked(): Asked {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, write: { type: 'boolean' }, only: { type: 'string', multiple: true }, runs: { type: 'string' } },
  })
  const { quick = false, write = false, only = [], runs } = values
  const all: readonly Part[] = quick ? [...TRIED, ...SCENARIOS] : [...FIGURES, ...SCENARIOS]
  const parts = only.length === 0 ? all : only.map(partNamed)
  if (runs !== undefined && !/^[1-9]\d?$/.test(runs)) throw new Error(`--runs ${runs}: a number from 1 to 99 is needed.`)
  if (write && (quick || only.length > 0 || runs !== undefined)) throw new Error('The page holds everything: --write stands alone.')
  return { quick, write, parts, runs: runs === undefined ? null : Number(runs) }
}

function partNamed(name: string): Part {
  const part = [...FIGURES, ...SCENARIOS].find((one) => one === name)
  if (!part) throw new Error(`There is nothing named ${name} to measure.`)
  return part
}
