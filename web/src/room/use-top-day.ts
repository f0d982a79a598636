import { useCallback, useEffect, useState } from 'react'
import { localDay } from '#theme/times.ts'
import type { Reader } from './reader.ts'
import type { TimelineRow } from './timeline.ts'

/** So much of a divider at least is in view above a message. */
const DIVIDER_PX = 24

/** A time within the day of what stands on top of the view; null at the bottom, where it is today. `look`: the view has moved. */
export function useTopDay(rows: readonly TimelineRow[], reader: Reader): { day: number | null; look: () => void } {
  const [day, setDay] = useState<number | null>(null)

  const look = useCallback(() => {
    const at = reader.hangs ? null : timeToSay(rows, reader)
    setDay((before) => (before !== null && at !== null && localDay(before) === localDay(at) ? before : at))
  }, [rows, reader])
  useEffect(look, [look])

  return { day, look }
}

/** Null: the divider of its day stands in view above the message on top, or none stands there. */
function timeToSay(rows: readonly TimelineRow[], { anchor }: Reader): number | null {
  const at = rows.findIndex(({ key }) => key === anchor?.key)
  const [above, top] = [rows[at - 1], rows[at]]
  if (!anchor || top?.is !== 'message') return null
  const isSaid = above !== undefined && above.dayBelow !== null && anchor.top >= DIVIDER_PX
  return isSaid ? null : top.item.createdAt
}
