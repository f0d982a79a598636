import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '#checker/outcome.ts'
import { own } from '#programs/program.ts'
import type { Plant } from './plants.ts'

const BITTEN = fileURLToPath(new URL('./bitten.ts', import.meta.url))
const HOOK = fileURLToPath(new URL('./plant.ts', import.meta.url))

/** What was said of a plant in a short run. */
export interface Bite {
  plant: Plant
  /** How often which verdict was given; null: the run failed. */
  verdicts: Record<string, number> | null
  isCaught: boolean
}

/** Runs with a mistake in it, in a process of its own. */
export async function bite(plant: Plant, seed: number): Promise<Bite> {
  const isHere = plant.where === 'clients'
  const child = fork(BITTEN, [plant.name, String(seed)], {
    execArgv: isHere ? ['--import', HOOK] : [],
    env: { ...process.env, ...(isHere && { PLANT: plant.name }) },
  })
  // It has processes of its own, which it ends then.
  own(child, 'SIGTERM')
  let outcome: Outcome | null = null
  child.once('message', (message: Outcome) => (outcome = message))
  await once(child, 'exit')
  return biteOf(plant, outcome)
}

function biteOf(plant: Plant, outcome: Outcome | null): Bite {
  if (!outcome) return { plant, verdicts: null, isCaught: false }
  const verdicts: Record<string, number> = {}
  for (const { is } of outcome.verdicts) verdicts[is] = (verdicts[is] ?? 0) + 1
  const isCaught = outcome.verdicts.some(({ is, rule }) => is === plant.says && (plant.by ?? rule) === rule)
  return { plant, verdicts, isCaught }
}
