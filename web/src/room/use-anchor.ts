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

/**
 * The message on top of the view is put back: where a row above it comes or goes, until all is measured; and whenever rows are measured while
 * the list keeps its distance from the end, as it does from when rows came or went above until it rests: what is measured below would move the view.
 */
export function useAnchor({ rows, view, reader, shift, start, onArrived }: Anchored) {
  const place = useRef(-1)
  const isHeld = useRef(start !== null)
  const keepsFromEnd = useRef(false)
  const hold = useCallback((holds: boolean) => void (isHeld.current = holds), [])
  const back = useCallback(() => {
    if (!reader.hangs) putBack(view.current, reader.anchor)
  }, [view, reader])
  const way = useWay({ back, reader, hold, start, onArrived })

  useLayoutEffect(() => {
    const before = place.current
    place.current = placeIn(rows, reader)
    const hasMoved = before >= 0 && place.current >= 0 && place.current !== before
    if (shift) keepsFromEnd.current = true
    else if (hasMoved && !reader.hangs && !way.isUnderWay()) way.begin(reader.anchor!)
    if (isHeld.current) back()
  }, [rows, shift, reader, back, way])

  const remember = useCallback(() => {
    if (isHeld.current) return
    reader.stay(anchorIn(view.current))
    place.current = placeIn(rows, reader)
  }, [rows, view, reader])

  const keep = useCallback(() => {
    if (isHeld.current || keepsFromEnd.current) back()
    else remember()
  }, [back, remember])

  const rests = useCallback(() => void (keepsFromEnd.current = false), [])

  return useMemo(() => ({ remember, keep, rests, way }), [remember, keep, rests, way])
}

function placeIn(rows: readonly TimelineRow[], { anchor }: Reader): number {
  return rows.findIndex(({ key }) => key === anchor?.key)
}

interface WayParts {
  /** Puts the message back where it is to stand. */
  back: () => void
  reader: Reader
  /** While it lasts, nothing that moves changes where the reader is. */
  hold: (holds: boolean) => void
  start: Anchor | null
  onArrived: () => void
}

/** The way to a message, also where it stood before. Rows are measured first where the list believes it to be, and then where it is. */
function useWay({ back, reader, hold, start, onArrived }: WayParts) {
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
        back()
        stop.current = twoFramesLater(() => {
          back()
          hold(false)
          stop.current = null
          arrived.current()
        })
      })
    }
    /** Whoever goes elsewhere is not led on. */
    function leave(): void {
      stop.current?.()
      stop.current = null
      hold(false)
    }
    return { begin, leave, isUnderWay: () => stop.current !== null }
  }, [back, reader, hold])

  useLayoutEffect(() => {
    if (start) way.begin(start)
    return () => way.leave()
  }, [start, way])
  return way
}
