import type { Figure } from '#figures/figure.ts'
import type { Compared, Measured } from '#measure.ts'
import type { Scenario } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import { number, percent, spreadText } from './numbers.ts'
import type { Table } from './table.ts'

/** From this share of a core on the generator, not the server, may be what bounds a figure. */
const GENERATOR_BUSY = 0.9
/** What was in flight at the end did not all arrive in time; the page says so below. */
const NOT_WHOLE = ' †'

export function figuresTable(figures: Figure[]): Table {
  const rows = figures.map(({ what, unit, spread: of, atMost, part }) => [
    what,
    `${spreadText(of)} ${unit}`,
    atMost === null ? '' : `${number(atMost)} ${unit}`,
    commandFor(part),
  ])
  return { title: 'Belfry by itself', head: ['', 'median (spread)', 'at most', 'command'], rows }
}

/** A contestant a row. Ratios are made within one run, then their median is taken: Belfry's figure divided by the other's. */
export function scenarioTable({ scenario, measured }: Compared): Table {
  const names = figureNames(scenario)
  const ratios = names.map(([, words]) => `${words}: Belfry ÷ this`)
  const head = [
    '',
    ...names.map(([, words]) => words),
    ...ratios,
    'bytes each',
    'server µs each',
    'in the kernel',
    'server CPU',
    'generator CPU',
  ]
  const ours = measured[0]!
  return { title: `${scenario.title}   (${commandFor(scenario.part)})`, head, rows: measured.map((of) => row(of, ours, names)) }
}

function commandFor(part: string): string {
  return `npm run bench -- --only ${part}`
}

type Names = [name: string, words: string][]

export function figureNames({ shape }: Scenario): Names {
  switch (shape.is) {
    case 'latency':
      return [
        ['p50', 'p50 ms'],
        ['p99', 'p99 ms'],
      ]
    case 'broadcast':
      return [['aSecond', 'deliveries/s']]
    case 'acknowledged':
      return [['aSecond', 'acknowledged/s']]
    default:
      return shape satisfies never
  }
}

function row(measured: Measured, ours: Measured, names: Names): string[] {
  const { contestant, runs } = measured
  const valuesOf = (name: string) => runs.map((run) => run.figures[name]!)
  const generatorCpu = spread(runs.map((run) => run.generatorCpu)).median
  return [
    contestant.name,
    ...names.map(([name]) => spreadText(spread(valuesOf(name))) + (runs.every(({ isWhole }) => isWhole) ? '' : NOT_WHOLE)),
    ...names.map(([figure]) => (measured.runs === ours.runs ? '' : spreadText(spread(ratiosTo(measured, { ours, figure }))))),
    number(Math.round(spread(runs.map((run) => run.bytesPerDelivery)).median)),
    number(spread(runs.map((run) => run.serverMicros)).median),
    number(spread(runs.map((run) => run.kernelMicros)).median),
    percent(spread(runs.map((run) => run.serverCpu)).median),
    percent(generatorCpu) + (generatorCpu > GENERATOR_BUSY ? ' *' : ''),
  ]
}

/** Of each run: Belfry's figure divided by the other's. */
export function ratiosTo({ runs }: Measured, { ours, figure }: { ours: Measured; figure: string }): number[] {
  return runs.map((run, at) => ours.runs[at]!.figures[figure]! / run.figures[figure]!)
}
