import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef } from 'react'
import { type Anchor, anchorIn, putBack, twoFramesLater } from './anchor.ts'
import type { Reader } from './reader.ts'
import type { TimelineRow } from './timeline.ts'

interface Anchored {
  rows: readonly TimelineRow[]
  view: RefObject<HTMLDivElement | null>
  reader: Reader
  shift: boolean
  /** Where the reader is to be at first; null: at the bottom. */
  start: Anchor | null
  /** The view stands where it was to go. */
  onArrived: () => void
}

/** When a row above the view comes or goes, the message on top of the view is put back, until all is measured. */
export function useAnchor({ rows, view, reader, shift, start, onArrived }: Anchored) {
  const place = useRef(-1)
  const isHeld = useRef(start !== null)
  // From rows that came or went above until it rests, the list keeps its distance from the end: what comes below would move the view.
  const keepsFromEnd = useRef(false)
  // What has come below and was not measured yet would do so too, where rows come above in the same frame.
  const isUnmeasured = useRef(false)
  const last = useRef<string | undefined>(undefined)
  const hold = useCallback((holds: boolean) => void (isHeld.current = holds), [])
  const way = useWay({ view, reader, hold, start, onArrived })

  useLayoutEffect(() => {
    const before = place.current
    place.current = placeIn(rows, reader)
    const hasGrown = rows.at(-1)?.key !== last.current && rows.some(({ key }) => key === last.current)
    last.current = rows.at(-1)?.key
    if (way.isUnderWay()) return
    const hasMoved = before >= 0 && place.current >= 0 && place.current !== before
    if (hasGrown) isUnmeasured.current = true
    const movesView = shift ? isUnmeasured.current : hasMoved || (keepsFromEnd.current && hasGrown)
    isHeld.current = !reader.hangs && movesView
    if (shift) keepsFromEnd.current = true
    if (isHeld.current) putBack(view.current, reader.anchor)
    return twoFramesLater(() => {
      if (isHeld.current) putBack(view.current, reader.anchor)
      isHeld.current = false
    })
  }, [rows, shift, view, reader, way])

  const remember = useCallback(() => {
    if (isHeld.current) return
    reader.stay(anchorIn(view.current))
    place.current = placeIn(rows, reader)
  }, [rows, view, reader])

  const keep = useCallback(() => {
    isUnmeasured.current = false
    if (isHeld.current) putBack(view.current, reader.anchor)
    else remember()
  }, [view, reader, remember])

  const rests = useCallback(() => void (keepsFromEnd.current = false), [])

  return useMemo(() => ({ remember, keep, rests, way }), [remember, keep, rests, way])
}

function placeIn(rows: readonly TimelineRow[], { anchor }: Reader): number {
  return rows.findIndex(({ key }) => key === anchor?.key)
}

interface WayParts {
  view: RefObject<HTMLDivElement | null>
  reader: Reader
  /** While it lasts, nothing that moves changes where the reader is. */
  hold: (holds: boolean) => void
  start: Anchor | null
  onArrived: () => void
}

/** The way to a message. Rows are measured first where the list believes it to be, and then where it is. */
function useWay({ view, reader, hold, start, onArrived }: WayParts) {
  const stop = useRef<(() => void) | null>(null)
  const arrived = useRef(onArrived)
  useLayoutEffect(() => {
    arrived.current = onArrived
  }, [onArrived])

  const way = useMemo(() => {
    function begin(goal: Anchor): void {
      reader.stay(goal)
      hold(true)
      stop.current?.()
      stop.current = twoFramesLater(() => {
        putBack(view.current, reader.anchor)
        stop.current = twoFramesLater(() => {
          putBack(view.current, reader.anchor)
          hold(false)
          stop.current = null
          arrived.current()
        })
      })
    }
    return { begin, isUnderWay: () => stop.current !== null }
  }, [view, reader, hold])

  useLayoutEffect(() => {
    if (start) way.begin(start)
    return () => stop.current?.()
  }, [start, way])
  return way
}
