import type { Change, Snapshot } from '@belfry/protocol/down.ts'
import type { RowKind } from '@belfry/protocol/rows.ts'

export type RowsFrame = Snapshot | Change
export type WireRows = RowsFrame['rows']

/** The parts of one frame that have come so far, in order. */
export interface Gathered {
  parts: RowsFrame[]
}

export type Gathering = { is: 'whole'; frame: RowsFrame } | { is: 'waiting'; gathered: Gathered } | { is: 'broken'; mayMore: boolean }

/** Parts are numbered, gathered, and only all of them together are a change or a snapshot [F1]. */
export function gather(gathered: Gathered | null, frame: RowsFrame): Gathering {
  if (!frame.part) return { is: 'whole', frame }
  const [at, of] = frame.part
  const earlier = at === 0 ? [] : (gathered?.parts ?? [])
  if (earlier.length !== at || !earlier.every((part) => isSameFrame(part, frame))) return { is: 'broken', mayMore: at + 1 < of }
  const parts = [...earlier, frame]
  return parts.length < of ? { is: 'waiting', gathered: { parts } } : { is: 'whole', frame: joined(parts) }
}

function isSameFrame(a: RowsFrame, b: RowsFrame): boolean {
  if (a.t === 'change' && b.t === 'change') return a.seq === b.seq && a.prev === b.prev && a.part?.[1] === b.part?.[1]
  return a.t === 'snapshot' && b.t === 'snapshot' && a.seq === b.seq && a.epoch === b.epoch && a.part?.[1] === b.part?.[1]
}

function joined(parts: RowsFrame[]): RowsFrame {
  const rows: Partial<Record<RowKind, unknown[]>> = {}
  for (const part of parts) for (const [kind, some] of Object.entries(part.rows)) (rows[kind as RowKind] ??= []).push(...(some ?? []))
  return { ...parts[0]!, rows: rows as WireRows }
}
