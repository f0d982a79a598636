import { useLayoutEffect, useMemo, useRef } from 'react'
import type { RoomView } from '@belfry/client/belfry.ts'
import { timelineRows, type TimelineRow, withFormerRows } from './timeline.ts'

/** The room's rows. Remembers which messages once stood on top: loading older ones never changes how those look. */
export function useRows({ items, earlier }: RoomView, firstNew: string | null): readonly TimelineRow[] {
  const seams = useRef(new Set<string>())
  const former = useRef<readonly TimelineRow[]>([])
  const rows = useMemo(() => {
    const top = items[0]
    if (earlier && top) seams.current.add(top.id)
    return withFormerRows(timelineRows(items, { earlier, seams: seams.current, firstNew }), former.current)
  }, [items, earlier, firstNew])

  useLayoutEffect(() => {
    former.current = rows
  }, [rows])
  return rows
}
