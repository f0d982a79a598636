import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { type TimelineRow, wereAddedAbove } from './timeline.ts'

const AT_BOTTOM_WITHIN_PX = 48

export interface Place {
  list: RefObject<VirtualizerHandle | null>
  isAtBottom: boolean
  /** For the virtual list: this rendering only adds rows above. */
  shift: boolean
  /** Off until the first view stands at the bottom: nobody sees the way there. */
  isSettled: boolean
  onScroll: (offset: number) => void
  onResize: () => void
  toBottom: () => void
}

/** Where the reader is: hangs on the bottom, or stays with the row that is on top of the view, whatever comes or goes. */
export function usePlace(rows: readonly TimelineRow[]): Place {
  const list = useRef<VirtualizerHandle>(null)
  const hangs = useRef(true)
  const lastOffset = useRef(0)
  const anchor = useRef<{ key: string; index: number; below: number } | null>(null)
  const [isAtBottom, setAtBottom] = useState(true)
  const isSettled = useSettled()
  const shift = useAddedAbove(rows)

  const toEnd = useCallback(() => list.current?.scrollToIndex(Math.max(0, rows.length - 1), { align: 'end' }), [rows.length])

  const onScroll = useCallback(
    (offset: number) => {
      const handle = list.current
      if (!handle) return
      const isNear = handle.scrollSize - offset - handle.viewportSize < AT_BOTTOM_WITHIN_PX
      // Only a move upwards leaves the bottom: what grows below does not.
      if (isNear) hangs.current = true
      else if (offset < lastOffset.current) hangs.current = false
      lastOffset.current = offset
      setAtBottom(hangs.current)
      anchor.current = anchorAt(handle, rows, offset)
    },
    [rows],
  )

  useLayoutEffect(() => {
    if (hangs.current) toEnd()
    else if (!shift) keepAnchor(list.current, rows, anchor.current)
  }, [rows, shift, toEnd])

  const onResize = useCallback(() => void (hangs.current && toEnd()), [toEnd])

  const toBottom = useCallback(() => {
    hangs.current = true
    setAtBottom(true)
    toEnd()
  }, [toEnd])

  return { list, isAtBottom, shift, isSettled, onScroll, onResize, toBottom }
}

function useAddedAbove(rows: readonly TimelineRow[]): boolean {
  const before = useRef<readonly TimelineRow[]>([])
  const shift = wereAddedAbove(before.current, rows)
  useLayoutEffect(() => {
    before.current = rows
  }, [rows])
  return shift
}

/** Two frames: one in which rows are measured, one in which the view stands. */
function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false)
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setSettled(true))
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  return isSettled
}

function anchorAt(handle: VirtualizerHandle, rows: readonly TimelineRow[], offset: number) {
  const index = handle.findItemIndex(offset)
  const row = rows[index]
  return row ? { key: row.key, index, below: offset - handle.getItemOffset(index) } : null
}

/** A row above the view came or went: the row on top of the view stays where it was. */
function keepAnchor(
  handle: VirtualizerHandle | null,
  rows: readonly TimelineRow[],
  anchor: { key: string; index: number; below: number } | null,
): void {
  if (!handle || !anchor || rows[anchor.index]?.key === anchor.key) return
  const index = rows.findIndex((row) => row.key === anchor.key)
  if (index >= 0) handle.scrollTo(handle.getItemOffset(index) + anchor.below)
}
