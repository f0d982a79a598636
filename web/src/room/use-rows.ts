import { useLayoutEffect, useMemo, useRef } from 'react'
import type { RoomView } from '@belfry/client/belfry.ts'
import type { Reader } from './reader.ts'
import { timelineRows, type TimelineRow, withFormerRows } from './timeline.ts'

/** The room's rows. The reader remembers which messages once stood on top: loading older ones never changes how those look. */
export function useRows({ items, earlier }: RoomView, firstNew: string | null, { seams }: Reader): readonly TimelineRow[] {
  const former = useRef<readonly TimelineRow[]>([])
  const rows = useMemo(() => {
    const top = items[0]
    if (earlier && top) seams.add(top.id)
    return withFormerRows(timelineRows(items, { earlier, seams, firstNew }), former.current)
  }, [items, earlier, firstNew, seams])

  useLayoutEffect(() => {
    former.current = rows
  }, [rows])
  return rows
}
