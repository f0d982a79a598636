import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { forNodes, requirePrograms } from '#programs/find-program.ts'
import { asText } from '#report/table.ts'
import { type Asked, readArguments } from './arguments.ts'
import { isWell, type Outcome } from './outcome.ts'
import { WHOLE } from './plan.ts'
import { reliabilityPage } from './report/reliability-page.ts'
import { describeSite } from './report/versions.ts'
import { runTable, teethTable, timeTable, verdictTable } from './report/tables.ts'
import { run } from './run.ts'
import { type Bite, bite } from './teeth/bite.ts'
import { plants } from './teeth/plants.ts'
import { tooLong } from './times.ts'

/** `npm run chaos`: runs, judges, prints tables, and writes the page where that is asked for. Ends with 1 when anything is wrong. */

const PAGE = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url))
const SHOWN = 20

const asked = readArguments()
if (asked.nodes > 1) requirePrograms('More than one node', forNodes())
// As it is now: it may be another when the run is over.
const site = asked.write ? describeSite(asked.nodes, tmpdir()) : []
const outcome = asked.teeth ? null : await chaos(asked)
const bites = asked.teeth || asked.write ? await pullTeeth(asked.seed) : []
if (outcome && asked.write) writeFileSync(PAGE, reliabilityPage({ asked, outcome, bites, site }))
process.exit((outcome === null || isWell(outcome)) && bites.every(({ isCaught }) => isCaught) ? 0 : 1)

async function chaos({ seed, nodes, minutes, deliveries }: Asked): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-chaos-'))
  console.log(`  seed ${seed}, records in ${folder}`)
  const plan = { ...WHOLE, seed, nodes, minutes, deliveries }
  const result = await run(plan, { folder, settings: {}, progress: (line) => console.log(`  ${line}`) })
  console.log(asText(runTable(result)))
  console.log(asText(timeTable(result)))
  console.log(asText(verdictTable(result)))
  for (const what of [...tooLong(result), ...result.missing, ...result.unrest].slice(0, SHOWN)) console.log(`  ${what}`)
  for (const { is, rule, who, what } of result.verdicts.slice(0, SHOWN)) console.log(`  ${is} [${rule}] ${who} ${what}`)
  if (isWell(result)) rmSync(folder, { recursive: true })
  else writeFileSync(join(folder, 'outcome.json'), JSON.stringify(result, null, 2))
  return result
}

async function pullTeeth(seed: number): Promise<Bite[]> {
  const found: Bite[] = []
  for (const plant of plants) {
    console.log(`  ${plant.name} …`)
    found.push(await bite(plant, seed))
  }
  console.log(asText(teethTable(found)))
  return found
}
