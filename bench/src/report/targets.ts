import type { Contestant } from '#contestants/contestant.ts'
import type { Part } from '#arguments.ts'
import type { Figure } from '#figures/figure.ts'
import type { Compared, Measured } from '#measure.ts'
import { spread } from '#statistics.ts'
import { number, spreadText } from './numbers.ts'
import type { Table } from './table.ts'
import { figureNames, ratiosTo } from './tables.ts'

/** What Belfry's figure divided by another's is to be. */
interface Target {
  part: Part
  /** Followers; where it is about acknowledgements, senders. */
  of: number
  figure: string
  versus: Contestant['is']
  bound: 'at least' | 'at most'
  ratio: number
}

const GOES_ON = '…'
const TWO_THIRDS = 2 / 3

const TARGETS: Target[] = [
  { part: 'latency', of: 1_000, figure: 'p50', versus: 'ws', bound: 'at most', ratio: 1 },
  { part: 'latency', of: 1_000, figure: 'p99', versus: 'ws', bound: 'at most', ratio: 1 },
  { part: 'broadcast', of: 100, figure: 'aSecond', versus: 'least', bound: 'at least', ratio: TWO_THIRDS },
  { part: 'broadcast', of: 100, figure: 'aSecond', versus: 'django', bound: 'at least', ratio: 300 },
  { part: 'broadcast', of: 100, figure: 'aSecond', versus: 'socket-io', bound: 'at least', ratio: 12 },
  { part: 'broadcast', of: 100, figure: 'aSecond', versus: 'bun', bound: 'at least', ratio: 0.7 },
  { part: 'broadcast', of: 1_000, figure: 'aSecond', versus: 'least', bound: 'at least', ratio: TWO_THIRDS },
  { part: 'broadcast', of: 1_000, figure: 'aSecond', versus: 'django', bound: 'at least', ratio: 300 },
  { part: 'broadcast', of: 1_000, figure: 'aSecond', versus: 'socket-io', bound: 'at least', ratio: 12 },
  { part: 'broadcast', of: 1_000, figure: 'aSecond', versus: 'bun', bound: 'at least', ratio: 1 },
  { part: 'rooms', of: 10_000, figure: 'aSecond', versus: 'socket-io', bound: 'at least', ratio: 5 },
  { part: 'acknowledged', of: 100, figure: 'aSecond', versus: 'django', bound: 'at least', ratio: 60 },
]

/** A target a row, of those whose scenario and contestant were measured; and of Belfry by itself what is held to something. */
export function targetsTable(compared: Compared[], figures: Figure[]): Table {
  const head = ['', 'Belfry ÷', 'wanted', 'median (spread)', 'reached', 'the same of ws, of Bun, of the least that stores']
  const rows = [...figuresNamed(figures).flatMap(rowOfFigure), ...TARGETS.flatMap((target) => rowOf(target, compared))]
  return { title: 'What is aimed at', head, rows }
}

/** Each by the name of that above which it goes on from: the rows between them are not there. */
function figuresNamed(figures: Figure[]): Figure[] {
  let before = ''
  return figures.map((figure) => {
    if (!figure.what.startsWith(GOES_ON)) before = figure.what
    return figure.what === before ? figure : { ...figure, what: `${before} ${figure.what}` }
  })
}

function rowOfFigure({ what, unit, spread: of, atMost }: Figure): string[][] {
  if (atMost === null) return []
  return [[what, '', `at most ${number(atMost)} ${unit}`, `${spreadText(of)} ${unit}`, of.median <= atMost ? 'yes' : 'no', '']]
}

function rowOf({ part, of, figure, versus, bound, ratio }: Target, compared: Compared[]): string[][] {
  const found = compared.find(
    ({ scenario }) => scenario.part === part && of === (part === 'acknowledged' ? scenario.senders : scenario.followers),
  )
  const other = found?.measured.find(({ contestant }) => contestant.is === versus)
  if (!found || !other) return []
  const [, words] = figureNames(found.scenario).find(([name]) => name === figure)!
  const measured = spread(ratiosTo(other, { ours: found.measured[0]!, figure }))
  const isReached = bound === 'at least' ? measured.median >= ratio : measured.median <= ratio
  return [
    [
      `${found.scenario.title}: ${words}`,
      other.contestant.name,
      `${bound} ${number(ratio)}`,
      spreadText(measured),
      isReached ? 'yes' : 'no',
      BOUNDS.map((is) => boundText(found, { is, other, figure })).join(', '),
    ],
  ]
}

/** The first two pass on what they get, and do nothing else. */
const BOUNDS = ['ws', 'bun', 'least'] as const

/** How one of those stands beside the other, as Belfry does. */
function boundText({ measured }: Compared, { is, other, figure }: { is: Contestant['is']; other: Measured; figure: string }): string {
  const bound = measured.find(({ contestant }) => contestant.is === is)
  return bound && bound !== other ? number(spread(ratiosTo(other, { ours: bound, figure })).median) : '–'
}
