import { useEffect, useState } from 'react'
import type { Reader } from './reader.ts'
import { rowNear, type TimelineRow } from './timeline.ts'
import type { Current } from './use-current.ts'
import type { Linked } from './use-linked.ts'
import type { Place } from './use-place.ts'

const LIT_FOR_MS = 2_500

/** The row to which a link leads, while its reader is not there yet. */
export function goalIn(rows: readonly TimelineRow[], linked: Linked, reader: Reader): TimelineRow | null {
  if (linked.is === 'none' || linked.id === reader.arrivedAt) return null
  const row = rows.find(({ key }) => key === linked.id)
  return row ?? ('n' in linked ? rowNear(rows, linked.n) : null)
}

interface Arrival {
  rows: readonly TimelineRow[]
  linked: Linked
  reader: Reader
  place: Place
  current: Current
}

/** Brings the reader to the message of a link, gives it the focus and answers which one is to be seen at a glance for a moment. */
export function useArrival({ rows, linked, reader, place, current }: Arrival): string | null {
  const [lit, setLit] = useState<string | null>(null)

  useEffect(() => {
    if (linked.is === 'none') reader.arrive(null)
    if (linked.is !== 'shown' && linked.is !== 'deleted') return
    const goal = goalIn(rows, linked, reader)
    if (!goal) return
    reader.arrive(linked.id)
    place.toRow(goal.key)
    current.focus(goal.key)
    if (linked.is === 'shown') setLit(goal.key)
  }, [rows, linked, reader, place, current])

  useEffect(() => {
    if (lit === null) return
    const timer = setTimeout(() => setLit(null), LIT_FOR_MS)
    return () => clearTimeout(timer)
  }, [lit])

  return lit
}
