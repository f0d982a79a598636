import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Figure, Measurement } from '#figures/figure.ts'
import { history } from '#figures/history.ts'
import { importHistory } from '#figures/import.ts'
import { javascript } from '#figures/javascript.ts'
import { IDLE_CONNECTIONS, memory } from '#figures/memory.ts'
import { nodes } from '#figures/nodes.ts'
import { page } from '#figures/page.ts'
import { screen } from '#figures/screen.ts'
import { start } from '#figures/start.ts'
import { makePeople } from '#programs/belfry-server.ts'
import { describeMachine } from '#report/machine.ts'
import { performancePage } from '#report/performance-page.ts'
import { asText, type Table } from '#report/table.ts'
import { figuresTable, scenarioTable } from '#report/tables.ts'
import { type Asked, readArguments } from './arguments.ts'
import { deliveriesOf, measure, type Workshop } from './measure.ts'
import { inWords, QUICK, scenariosOf, WHOLE } from './scenarios.ts'

/** `npm run bench`: measures, prints tables, and writes the page where that is asked for. Ends with 1 when anything was lost. */

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))

const MEASUREMENTS: Record<string, Measurement> = { start, memory, screen, javascript, import: importHistory, history, page, nodes }

const root = mkdtempSync(join(tmpdir(), 'belfry-bench-'))
process.on('exit', () => rmSync(root, { recursive: true, force: true }))
process.on('uncaughtException', fail)

await bench(readArguments()).catch(fail)

async function bench(asked: Asked): Promise<void> {
  const plan = asked.quick ? QUICK : WHOLE
  const runs = asked.runs ?? plan.runs
  const scenarios = scenariosOf(plan).filter((scenario) => asked.parts.includes(scenario.part))
  const crowds = scenarios.map((scenario) => scenario.followers + scenario.senders)
  const people = await makePeople(join(root, 'people'), Math.max(IDLE_CONNECTIONS, ...crowds))
  const workshop: Workshop = { people, root, progress }

  const machine = describeMachine(root)
  console.log(machine.map((line) => `  ${line}`).join('\n'))
  const figures = await measureFigures(asked, { runs, workshop })
  const tables: Table[] = []
  let deliveries = 0
  for (const scenario of scenarios) {
    const measured = await measure(scenario, runs, workshop)
    tables.push(shown(scenarioTable(scenario, measured)))
    deliveries += deliveriesOf(measured)
  }
  if (deliveries > 0) console.log(`\n  ${inWords(deliveries)} deliveries were checked: none lost, none doubled, none out of order.`)
  if (asked.write) writeFileSync(PAGE, performancePage({ machine, runs, figures, scenarios: tables }))
}

async function measureFigures({ parts }: Asked, by: { runs: number; workshop: Workshop }): Promise<Table> {
  const figures: Figure[] = []
  for (const part of parts) figures.push(...((await MEASUREMENTS[part]?.(by.runs, by.workshop)) ?? []))
  const table = figuresTable(figures)
  return figures.length > 0 ? shown(table) : table
}

function shown(table: Table): Table {
  progress('')
  console.log(asText(table))
  return table
}

/** What is going on, on a terminal; the tables stand alone where the output goes to a file. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${line}`)
}

function fail(error: unknown): void {
  console.error(`\nThe measurement failed. ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
