import type { Part } from '#arguments.ts'
import type { Workshop } from '#measure.ts'
import type { Spread } from '#statistics.ts'

/** One line of what Belfry by itself is measured by. */
export interface Figure {
  what: string
  unit: 's' | 'ms' | 'µs' | 'MiB' | 'kB' | '×' | 'deliveries' | 'people' | 'times'
  spread: Spread
  /** What it is held to; null: nothing. */
  atMost: number | null
  /** The part that makes it. */
  part: Part
}

/** Measures some figures, each so many times. */
export type Measurement = (runs: number, workshop: Workshop) => Promise<Figure[]>
