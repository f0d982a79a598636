import { useCallback, useEffect, useState } from 'react'
import { localDay } from '#theme/times.ts'
import type { Reader } from './reader.ts'
import type { TimelineRow } from './timeline.ts'

/** A time within the day of what stands on top of the view; null at the bottom, where it is today. `look`: the view has moved. */
export function useTopDay(rows: readonly TimelineRow[], reader: Reader): { day: number | null; look: () => void } {
  const [day, setDay] = useState<number | null>(null)

  const look = useCallback(() => {
    const row = reader.hangs ? null : rows.find(({ key }) => key === reader.anchor?.key)
    const at = row?.is === 'message' ? row.item.createdAt : null
    setDay((before) => (before !== null && at !== null && localDay(before) === localDay(at) ? before : at))
  }, [rows, reader])
  useEffect(look, [look])

  return { day, look }
}
