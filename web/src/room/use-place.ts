import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { type Anchor, anchorIn, putBack, twoFramesLater } from './anchor.ts'
import { type TimelineRow, wereAddedAbove } from './timeline.ts'

const AT_BOTTOM_WITHIN_PX = 48

export interface Place {
  list: RefObject<VirtualizerHandle | null>
  /** The element that scrolls. */
  view: RefObject<HTMLDivElement | null>
  isAtBottom: boolean
  /** For the virtual list: this rendering only adds rows above. */
  shift: boolean
  /** Off until the first view stands at the bottom: nobody sees the way there. */
  isSettled: boolean
  onScroll: (offset: number) => void
  onResize: () => void
  toBottom: () => void
}

/** Where the reader is: hangs on the bottom, or stays with the message on top of the view, whatever comes or goes. */
export function usePlace(rows: readonly TimelineRow[]): Place {
  const list = useRef<VirtualizerHandle>(null)
  const view = useRef<HTMLDivElement>(null)
  const hangs = useRef(true)
  const lastOffset = useRef(0)
  const [isAtBottom, setAtBottom] = useState(true)
  const isSettled = useSettled()
  const shift = useAddedAbove(rows)

  const toEnd = useCallback(() => list.current?.scrollToIndex(Math.max(0, rows.length - 1), { align: 'end' }), [rows.length])
  const anchor = useAnchor({ rows, view, hangs, shift })

  const onScroll = useCallback(
    (offset: number) => {
      // Only a move upwards leaves the bottom: what grows below does not.
      if (isNearBottom(view.current)) hangs.current = true
      else if (offset < lastOffset.current) hangs.current = false
      lastOffset.current = offset
      setAtBottom(hangs.current)
      anchor.remember()
    },
    [anchor],
  )

  useLayoutEffect(() => {
    if (hangs.current) toEnd()
  }, [rows, toEnd])

  const onResize = useCallback(() => {
    if (hangs.current) toEnd()
    else anchor.keep()
  }, [anchor, toEnd])

  const toBottom = useCallback(() => {
    hangs.current = true
    setAtBottom(true)
    toEnd()
  }, [toEnd])

  return { list, view, isAtBottom, shift, isSettled, onScroll, onResize, toBottom }
}

/** Asked of the element itself: the list learns of a new height of the window or the composer a little later. */
function isNearBottom(view: HTMLElement | null): boolean {
  return view === null || view.scrollHeight - view.scrollTop - view.clientHeight < AT_BOTTOM_WITHIN_PX
}

interface Anchored {
  rows: readonly TimelineRow[]
  view: RefObject<HTMLDivElement | null>
  hangs: RefObject<boolean>
  shift: boolean
}

/** When a row above the view comes or goes, the message on top of the view is put back, until all is measured. */
function useAnchor({ rows, view, hangs, shift }: Anchored) {
  const anchor = useRef<Anchor | null>(null)
  const place = useRef(-1)
  const isHeld = useRef(false)
  const placeIn = (now: readonly TimelineRow[]) => now.findIndex(({ key }) => key === anchor.current?.key)

  useLayoutEffect(() => {
    const before = place.current
    place.current = placeIn(rows)
    isHeld.current = !hangs.current && !shift && before >= 0 && place.current >= 0 && place.current !== before
    if (!isHeld.current) return
    putBack(view.current, anchor.current)
    return twoFramesLater(() => {
      putBack(view.current, anchor.current)
      isHeld.current = false
    })
  }, [rows, shift, view, hangs])

  const remember = useCallback(() => {
    if (isHeld.current) return
    anchor.current = anchorIn(view.current)
    place.current = placeIn(rows)
  }, [rows, view])

  const keep = useCallback(() => {
    if (isHeld.current) putBack(view.current, anchor.current)
    else remember()
  }, [view, remember])

  return useMemo(() => ({ remember, keep }), [remember, keep])
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
