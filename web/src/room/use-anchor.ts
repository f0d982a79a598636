import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef } from 'react'
import { type Anchor, anchorIn, putBack, twoFramesLater } from './anchor.ts'
import type { TimelineRow } from './timeline.ts'

interface Anchored {
  rows: readonly TimelineRow[]
  view: RefObject<HTMLDivElement | null>
  hangs: RefObject<boolean>
  shift: boolean
  /** Where the reader was when the room was last on the screen. */
  start: { anchor: Anchor } | null
}

/** When a row above the view comes or goes, the message on top of the view is put back, until all is measured. */
export function useAnchor({ rows, view, hangs, shift, start }: Anchored) {
  const anchor = useRef<Anchor | null>(start?.anchor ?? null)
  const place = useRef(-1)
  const isHeld = useRef(start !== null)
  const isReturning = useRef(start !== null)
  // Rows that were added above are measured; the list itself keeps the view, until other rows come in between.
  const isMeasuring = useRef(false)
  const placeIn = (now: readonly TimelineRow[]) => now.findIndex(({ key }) => key === anchor.current?.key)

  useReturn({ view, anchor, isHeld, isReturning })
  useLayoutEffect(() => {
    const before = place.current
    place.current = placeIn(rows)
    if (isReturning.current) return
    const hasMoved = before >= 0 && place.current >= 0 && place.current !== before
    isHeld.current = !hangs.current && !shift && (hasMoved || isMeasuring.current)
    if (shift) isMeasuring.current = true
    if (isHeld.current) putBack(view.current, anchor.current)
    return twoFramesLater(() => {
      if (isHeld.current) putBack(view.current, anchor.current)
      isHeld.current = false
      isMeasuring.current = false
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

  // The same object for as long as the room is open, whatever comes: leaving it is noticed by that.
  const latest = useRef({ remember, keep })
  useLayoutEffect(() => {
    latest.current = { remember, keep }
  }, [remember, keep])
  return useMemo(
    () => ({
      remember: () => latest.current.remember(),
      keep: () => latest.current.keep(),
      now: () => anchor.current,
      isReturning: () => isReturning.current,
    }),
    [],
  )
}

interface Returning {
  view: RefObject<HTMLDivElement | null>
  anchor: RefObject<Anchor | null>
  isHeld: RefObject<boolean>
  isReturning: RefObject<boolean>
}

/** Rows are measured first where the list believes the place to be, and then where it is. */
function useReturn({ view, anchor, isHeld, isReturning }: Returning): void {
  useLayoutEffect(() => {
    if (!isReturning.current) return
    let stop = twoFramesLater(() => {
      putBack(view.current, anchor.current)
      stop = twoFramesLater(() => {
        putBack(view.current, anchor.current)
        isHeld.current = false
        isReturning.current = false
      })
    })
    return () => stop()
  }, [view, anchor, isHeld, isReturning])
}
