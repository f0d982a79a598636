import type { Spread } from '#statistics.ts'
import { number } from './numbers.ts'
import { scaleOf } from './scale.ts'

/** Bars, a group a scenario, all along one axis; the whiskers are the smallest and the largest run. */
export interface Plot {
  /** Of the file, without its ending. */
  name: string
  title: string
  groups: { title: string; bars: { name: string; of: Spread; isOurs: boolean }[] }[]
}

const [WIDTH, LEFT, RIGHT, TOP] = [860, 300, 90, 58]
const [GROUP, ROW, BAR] = [30, 22, 14]
const STYLE = `text{font:13px system-ui,sans-serif;fill:#24292f}.head{font-weight:600}.small{font-size:11px;fill:#6e7781}
line{stroke:#d0d7de}.whisker{stroke:#24292f;stroke-width:1.5}.bar{fill:#afb8c1}.ours{fill:#0969da}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#8d96a0}line{stroke:#3d444d}.whisker{stroke:#e6edf3}.bar{fill:#656c76}.ours{fill:#4493f8}}`

/** An image by itself, for light and dark pages. */
export function plotSvg({ title, groups }: Plot): string {
  const scale = scaleOf(groups.flatMap(({ bars }) => bars.flatMap(({ of }) => [of.min, of.max])))
  const x = (value: number) => Math.round(LEFT + scale.at(value) * (WIDTH - LEFT - RIGHT))
  const height = TOP + groups.reduce((sum, { bars }) => sum + GROUP + bars.length * ROW, 0) + 10
  const ticks = scale.ticks.map(
    (tick) => line('', [x(tick), TOP - 8], [x(tick), height - 6]) + text('small', [x(tick), TOP - 14, 'middle'], number(tick)),
  )
  let y = TOP
  const drawn = groups.map((group) => {
    const head = text('head', [LEFT, (y += GROUP) - 8, 'start'], group.title)
    return head + group.bars.map((bar) => barSvg(bar, { x, y: (y += ROW) - ROW })).join('')
  })
  const axis = scale.isLogarithmic ? `${title}, logarithmic` : title
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}</style>${text('head', [12, 22, 'start'], axis)}${ticks.join('')}${drawn.join('\n')}</svg>\n`
}

type Bar = Plot['groups'][number]['bars'][number]

function barSvg({ name, of, isOurs }: Bar, { x, y }: { x(value: number): number; y: number }): string {
  const middle = y + BAR / 2
  const bar = `<rect class="${isOurs ? 'ours' : 'bar'}" x="${LEFT}" y="${y}" width="${Math.max(1, x(of.median) - LEFT)}" height="${BAR}"/>`
  const ends = [of.min, of.max].map((end) => line('whisker', [x(end), middle - 4], [x(end), middle + 4]))
  const whisker = line('whisker', [x(of.min), middle], [x(of.max), middle]) + ends.join('')
  const value = text('', [x(of.max) + 8, y + 12, 'start'], number(of.median))
  return text(isOurs ? 'head' : '', [LEFT - 8, y + 12, 'end'], name) + bar + whisker + value
}

function line(style: string, [x1, y1]: [number, number], [x2, y2]: [number, number]): string {
  return `<line class="${style}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`
}

function text(style: string, [x, y, anchor]: [number, number, string], words: string): string {
  return `<text class="${style}" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(words)}</text>`
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
