/** Message numbers that are held completely, both ends included. `from` 1: from the room's beginning on; `to` Infinity: up to the newest, also those to come. */
export interface Span {
  from: number
  to: number
}

/** Which messages of a room are held completely: everything from `latest` on, and at most one range apart from that. */
export interface Spans {
  latest: number
  range: Span | null
}

/** How much stays when the rest is let go of: standing messages. */
export interface Keep {
  /** The number around which they stay; null: the newest. */
  near: number | null
  shown: number
  /** Of the newest, while a range apart from them is shown. */
  latest: number
}

/** What is shown of the room: the range, where there is one. */
export function shownSpan({ latest, range }: Spans): Span {
  return range ?? { from: latest, to: Infinity }
}

export function isHeld({ latest, range }: Spans, n: number): boolean {
  return n >= latest || (range !== null && isWithin(range, n))
}

export function isWithin({ from, to }: Span, n: number): boolean {
  return n >= from && n <= to
}

/** Shows this span; where it touches the newest, it is one with them. */
export function showing({ latest }: Spans, span: Span): Spans {
  if (span.to + 1 >= latest) return { latest: Math.min(latest, span.from), range: null }
  return { latest, range: span }
}

/** Lets go of all but so many of these standing messages, which are in order; what is left may be a range apart from the newest. */
export function keeping(spans: Spans, standing: readonly number[], keep: Keep): Spans {
  const { range } = spans
  const newest = standing.filter((n) => n >= spans.latest)
  const shown = range ? standing.filter((n) => isWithin(range, n)) : newest
  const kept = keptSpan(shownSpan(spans), shown, keep)
  if (kept.to === Infinity) return { latest: kept.from, range: null }
  return showing({ latest: newest.at(-keep.latest) ?? spans.latest, range: null }, kept)
}

function keptSpan(shown: Span, numbers: readonly number[], { near, shown: keep }: Keep): Span {
  const at = near === null ? numbers.length : numbers.filter((n) => n < near).length
  const first = Math.max(0, Math.min(at - Math.floor(keep / 2), numbers.length - keep))
  const end = Math.min(numbers.length, first + keep)
  return { from: first === 0 ? shown.from : numbers[first]!, to: end === numbers.length ? shown.to : numbers[end - 1]! }
}
