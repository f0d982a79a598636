import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SHORT } from '#checker/plan.ts'
import { run } from '#checker/run.ts'
import { plantNamed } from './plants.ts'

/** A short run with a plant in it; tells its outcome to whoever has started it. */
const HOOK = fileURLToPath(new URL('./plant.ts', import.meta.url))
const MINUTES = 0.15
const DELIVERIES = 4_000
/** What was planted may keep it from going on, or from ever coming to rest. */
const STILL_AFTER_MS = 15_000
const CALM_WITHIN_MS = 8_000

const [name, seed] = process.argv.slice(2)
const plant = plantNamed(name!)
const folder = mkdtempSync(join(tmpdir(), 'belfry-teeth-'))
const settings = plant.where === 'nodes' ? { NODE_OPTIONS: `--import ${HOOK}`, PLANT: plant.name } : {}
const plan = {
  ...SHORT,
  seed: Number(seed),
  nodes: plant.nodes,
  minutes: MINUTES,
  deliveries: DELIVERIES,
  only: plant.faults,
  stillAfterMs: STILL_AFTER_MS,
  calmWithinMs: CALM_WITHIN_MS,
}
const outcome = await run(plan, { folder, settings, progress() {} })
rmSync(folder, { recursive: true })
process.send!(outcome, () => process.exit())
