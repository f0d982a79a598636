import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { readOrExplain } from '#command-line.ts'

/** What was asked for. */
export interface Asked {
  minutes: number
  deliveries: number
  seed: number
  nodes: number
  write: boolean
  teeth: boolean
}

const USAGE = `npm run chaos -- [--minutes N] [--deliveries N] [--seed N] [--nodes N] [--write] | --teeth
  --minutes     it goes on for so long at least: 2 unless said otherwise; times that are to be reached need 30 and more
  --deliveries  and until so many rows were told to clients
  --seed        what happens when is decided by it
  --nodes       1, on SQLite; or several, with PostgreSQL and Redis: 2 unless said otherwise
  --write       writes docs/reliability.md; the teeth are shown there too
  --teeth       makes mistakes on purpose, one after the other, and shows which of them are noticed`

/** Reads the command line. Ends the process where it makes no sense. */
export function readArguments(): Asked {
  return readOrExplain(asked, USAGE)
}

function asked(): Asked {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({ options: { minutes: text, deliveries: text, seed: text, nodes: text, write: flag, teeth: flag } })
  const number = (name: 'minutes' | 'deliveries' | 'seed' | 'nodes', fallback: number) => {
    const value = Number(values[name] ?? fallback)
    if (!(value >= 0)) throw new Error(`--${name} ${values[name]}: a number is needed.`)
    return value
  }
  const nodes = number('nodes', 2)
  if (!Number.isInteger(nodes) || nodes < 1) throw new Error('One node at least is needed.')
  const { write, teeth } = values
  return {
    minutes: number('minutes', 2),
    deliveries: number('deliveries', 0),
    seed: number('seed', randomInt(1_000_000)),
    nodes,
    write,
    teeth,
  }
}
