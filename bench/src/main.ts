import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { caughtUp } from '#figures/catch-up.ts'
import { connections } from '#figures/connections.ts'
import { deploy } from '#figures/deploy.ts'
import type { Figure, Measurement } from '#figures/figure.ts'
import { history } from '#figures/history.ts'
import { importHistory } from '#figures/import.ts'
import { javascript } from '#figures/javascript.ts'
import { jitter } from '#figures/jitter.ts'
import { lengths } from '#figures/lengths.ts'
import { loop } from '#figures/loop.ts'
import { IDLE_CONNECTIONS, memory } from '#figures/memory.ts'
import { members } from '#figures/members.ts'
import { nodes } from '#figures/nodes.ts'
import { page } from '#figures/page.ts'
import { places } from '#figures/places.ts'
import { rolling } from '#figures/rolling.ts'
import { screen } from '#figures/screen.ts'
import { start } from '#figures/start.ts'
import { makePeople } from '#programs/belfry-server.ts'
import { describeMachine } from '#report/machine.ts'
import { performancePage, type Results } from '#report/performance-page.ts'
import { plotSvg } from '#report/plot.ts'
import { plotsOf } from '#report/plots.ts'
import { asText, type Table } from '#report/table.ts'
import { figuresTable, scenarioTable } from '#report/tables.ts'
import { targetsTable } from '#report/targets.ts'
import { type Asked, readArguments } from './arguments.ts'
import { contestantsHere } from './contestants.ts'
import { type Compared, deliveriesOf, measure, type Workshop } from './measure.ts'
import { hasRoomFor } from './room-for.ts'
import { inWords, QUICK, type Scenario, scenariosOf, WHOLE } from './scenarios.ts'

/** `npm run bench`: measures, prints tables, and writes the page where that is asked for. Ends with 1 when a run fails. */

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const PLOTS = fileURLToPath(new URL('../../docs/plots', import.meta.url))

const MEASUREMENTS: Record<string, Measurement> = {
  start,
  memory,
  screen,
  javascript,
  'import': importHistory,
  history,
  page,
  nodes,
  rolling,
  'catch-up': caughtUp,
  members,
  connections,
  lengths,
  places,
  loop,
  jitter,
  deploy,
}

const root = mkdtempSync(join(tmpdir(), 'belfry-bench-'))
process.on('exit', () => rmSync(root, { recursive: true, force: true }))
process.on('uncaughtException', fail)

await bench(readArguments()).catch(fail)

async function bench(asked: Asked): Promise<void> {
  const plan = asked.quick ? QUICK : WHOLE
  const runs = asked.runs ?? plan.runs
  const contestants = contestantsHere(say)
  const scenarios = scenariosOf(plan, contestants).filter(
    (scenario) => asked.parts.includes(scenario.part) && hasRoomFor(scenario.title, scenario),
  )
  const people = await makePeople(join(root, 'people'), { people: IDLE_CONNECTIONS })
  const workshop: Workshop = { plan, people, root, progress }

  const machine = describeMachine(root)
  console.log(machine.map((line) => `  ${line}`).join('\n'))
  const measuring = measureFigures(asked, { runs, workshop })
  // Figures that say nothing need not wait for each other.
  if (!asked.quick) await measuring
  const compared = await compare(asked.runs ? scenarios.map((scenario) => ({ ...scenario, runs })) : scenarios, workshop)
  const figures = await measuring
  summarize(compared, figures)
  if (asked.write) write({ machine, runs, runsOfOthers: plan.runsOfOthers, figures, contestants, compared })
}

async function compare(scenarios: Scenario[], workshop: Workshop): Promise<Compared[]> {
  const compared: Compared[] = []
  for (const scenario of scenarios) {
    const measured = await measure(scenario, workshop)
    shown(scenarioTable({ scenario, measured }))
    compared.push({ scenario, measured })
  }
  return compared
}

function summarize(compared: Compared[], figures: Figure[]): void {
  const targets = targetsTable(compared, figures)
  if (targets.rows.length > 0) shown(targets)
  const deliveries = deliveriesOf(compared.flatMap(({ measured }) => measured))
  const isWhole = compared.every(({ measured }) => measured.every(({ runs }) => runs.every((run) => run.isWhole)))
  const but = isWhole ? '' : ' But where † stands not all was waited for.'
  if (deliveries > 0) console.log(`\n  ${inWords(deliveries)} deliveries were checked: none lost, none doubled, none out of order.${but}`)
}

function write(results: Results): void {
  writeFileSync(PAGE, performancePage(results))
  mkdirSync(PLOTS, { recursive: true })
  for (const plot of plotsOf(results.compared)) writeFileSync(join(PLOTS, `${plot.name}.svg`), plotSvg(plot))
}

/** Those of the quick benchmark say nothing: they are held to nothing, and made at the same time. */
async function measureFigures({ parts, quick }: Asked, by: { runs: number; workshop: Workshop }): Promise<Figure[]> {
  const measurements = parts.flatMap((part) => MEASUREMENTS[part] ?? [])
  const figures: Figure[] = []
  if (quick) figures.push(...(await Promise.all(measurements.map((one) => one(by.runs, by.workshop)))).flat().map(heldToNothing))
  else for (const one of measurements) figures.push(...(await one(by.runs, by.workshop)))
  if (figures.length > 0) shown(figuresTable(figures))
  return figures
}

function heldToNothing(figure: Figure): Figure {
  return { ...figure, atMost: null }
}

function shown(table: Table): void {
  progress('')
  console.log(asText(table))
}

function say(line: string): void {
  console.log(`  ${line}`)
}

/** What is going on, on a terminal; the tables stand alone where the output goes to a file. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${line}`)
}

function fail(error: unknown): void {
  console.error(`\nThe measurement failed. ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
