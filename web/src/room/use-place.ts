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
  const anchor = useRef<Anchor | null>(null)
  const held = useRef<Anchor | null>(null)
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
      if (!held.current) anchor.current = anchorAt(handle, rows, offset)
    },
    [rows],
  )

  useLayoutEffect(() => {
    if (hangs.current) toEnd()
    const before = anchor.current
    anchor.current = located(before, rows)
    if (hangs.current || shift || before?.index === anchor.current?.index) return
    held.current = anchor.current
    jumpTo(list.current, held.current)
    return twoFramesLater(() => {
      putBack(list.current, held.current)
      held.current = null
    })
  }, [rows, shift, toEnd])

  const onResize = useCallback(() => {
    const handle = list.current
    if (hangs.current) toEnd()
    else if (held.current) putBack(handle, held.current)
    else if (handle) anchor.current = anchorAt(handle, rows, handle.scrollOffset)
  }, [rows, toEnd])

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
  useEffect(() => twoFramesLater(() => setSettled(true)), [])
  return isSettled
}

function twoFramesLater(act: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(act)
  })
  return () => cancelAnimationFrame(frame)
}

/** The row on top of the view, and how much of it is above the edge. */
interface Anchor {
  key: string
  index: number
  above: number
}

function anchorAt(handle: VirtualizerHandle, rows: readonly TimelineRow[], offset: number): Anchor | null {
  const index = handle.findItemIndex(offset)
  const row = rows[index]
  return row ? { key: row.key, index, above: offset - handle.getItemOffset(index) } : null
}

/** Rows above it may have come or gone. */
function located(anchor: Anchor | null, rows: readonly TimelineRow[]): Anchor | null {
  if (!anchor || rows[anchor.index]?.key === anchor.key) return anchor
  const index = rows.findIndex(({ key }) => key === anchor.key)
  return index < 0 ? null : { ...anchor, index }
}

/** About where the row is now: the list knows the sizes by place, not by row, until it has measured again. */
function jumpTo(handle: VirtualizerHandle | null, anchor: Anchor | null): void {
  if (handle && anchor) handle.scrollTo(handle.getItemOffset(anchor.index) + anchor.above)
}

/** Exactly where it was, once it is measured. */
function putBack(handle: VirtualizerHandle | null, anchor: Anchor | null): void {
  const row = anchor && document.querySelector(`[data-message="${CSS.escape(anchor.key)}"]`)
  const view = row?.closest('[role=log]')
  if (!handle || !row || !view) return
  const off = row.getBoundingClientRect().top - view.getBoundingClientRect().top + anchor.above
  if (Math.abs(off) >= 1) handle.scrollBy(off)
}
