import { spread } from '#statistics.ts'
import type { Compared, Measured } from '#measure.ts'
import type { Plot } from './plot.ts'
import { figureNames } from './tables.ts'

/** One for each figure of each part. */
export function plotsOf(compared: Compared[]): Plot[] {
  const byPart = Map.groupBy(compared, ({ scenario }) => scenario.part)
  return [...byPart].flatMap(([part, ofPart]) => {
    const names = figureNames(ofPart[0]!.scenario)
    return names.map(([figure, words]) => ({
      name: names.length === 1 ? part : `${part}-${figure}`,
      title: words,
      groups: ofPart.map(({ scenario, measured }) => ({
        title: scenario.title,
        bars: measured.map((of) => bar(of, { figure, ours: measured[0]! })),
      })),
    }))
  })
}

function bar({ contestant, runs }: Measured, { figure, ours }: { figure: string; ours: Measured }) {
  return { name: contestant.name, of: spread(runs.map((run) => run.figures[figure]!)), isOurs: runs === ours.runs }
}
