import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import { type Anchor, isFurtherDown, isInView, twoFramesLater } from './anchor.ts'
import type { Reader } from './reader.ts'
import { changedAboveAlone, rowNear, type TimelineRow } from './timeline.ts'
import { useAnchor } from './use-anchor.ts'
import { useReading } from './use-reading.ts'

const AT_BOTTOM_WITHIN_PX = 48
/** More than any list is high: a browser goes to the end instead. */
const BEYOND_THE_END_PX = 2 ** 24
/** Of the view's height: so far down stands a message that one goes to. */
const GOAL_STANDS_AT = 0.35

export interface Place {
  list: RefObject<VirtualizerHandle | null>
  /** The element that scrolls. */
  view: RefObject<HTMLDivElement | null>
  isAtBottom: boolean
  /** For the virtual list: this rendering changes rows above alone. */
  shift: boolean
  /** Off until the first view stands where it belongs: nobody sees the way there. */
  isSettled: boolean
  /** Answers whether the reader is elsewhere by that: not so while the view is on its way to where it belongs. */
  onScroll: () => boolean
  onScrollEnd: () => void
  /** It is on its way to a message. */
  isUnderWay: () => boolean
  onResize: () => void
  toBottom: () => void
  /** To this row, unless it is in view. */
  toRow: (key: string) => void
}

interface Placed {
  room: RoomHandle
  rows: readonly TimelineRow[]
  /** Whether the last row is not the newest of all: there is nothing to hang on. */
  later: boolean
  reader: Reader
  /** The row to begin with. */
  goal: TimelineRow | null
}

/** Where the reader is: hangs on the bottom, or stays with the message on top of the view, whatever comes or goes. */
export function usePlace({ room, rows, later, reader, goal }: Placed): Place {
  const list = useRef<VirtualizerHandle>(null)
  const view = useRef<HTMLDivElement>(null)
  const start = useStart(list, { rows, reader, goal })
  const isSettled = useSettled()
  const shift = useChangedAbove(rows)
  const bottom = useBottom({ view, rows, later, reader })
  const anchor = useAnchor({ rows, view, reader, shift, start, onArrived: bottom.settle })
  const reading = useReading({ room, rows, reader, shift, list, view })
  const isOurs = useNudge(view, rows, shift)

  const onScroll = useCallback(() => {
    if (!isSettled || isOurs.current || anchor.way.isUnderWay()) return false
    bottom.scrolled()
    const before = reader.anchor
    anchor.remember()
    reading.moved(isFurtherDown(view.current, before, reader.anchor))
    return true
  }, [anchor, bottom, reader, reading, view, isOurs, isSettled])

  const onScrollEnd = useCallback(() => {
    anchor.rests()
    reading.rests()
  }, [anchor, reading])

  const onResize = useCallback(() => (reader.hangs ? bottom.toEnd() : anchor.keep()), [anchor, bottom, reader])

  const toBottom = useCallback(() => {
    anchor.way.leave()
    bottom.hang(true)
    room.showLatest()
    // Takes the place of the list's own way to a message, on which it may still be; to no row, because another may be the last in a moment.
    list.current?.scrollTo(BEYOND_THE_END_PX)
    bottom.toEnd()
  }, [room, anchor, bottom])

  const toRow = useCallback(
    (key: string) => {
      const index = rows.findIndex((row) => row.key === key)
      if (index < 0 || isInView(view.current, key)) return
      bottom.hang(false)
      anchor.way.begin(scrollTo(list.current, index, goalAnchor(rows[index]!, view.current?.clientHeight)))
    },
    [rows, bottom, anchor],
  )

  return {
    list,
    view,
    isAtBottom: bottom.isThere,
    shift,
    isSettled,
    onScroll,
    onScrollEnd,
    onResize,
    toBottom,
    toRow,
    isUnderWay: anchor.way.isUnderWay,
  }
}

/** Where the view begins; null: at the bottom. */
function useStart(
  list: RefObject<VirtualizerHandle | null>,
  { rows, reader, goal }: Pick<Placed, 'rows' | 'reader' | 'goal'>,
): Anchor | null {
  const [start] = useState(() => {
    const found = startIn(rows, reader, goal)
    reader.hang(found === null)
    return found
  })
  useLayoutEffect(() => {
    if (start) scrollTo(list.current, start.index, start.anchor)
  }, [start, list])
  return start?.anchor ?? null
}

function startIn(rows: readonly TimelineRow[], { hangs, anchor }: Reader, goal: TimelineRow | null) {
  if (goal) return { index: rows.indexOf(goal), anchor: goalAnchor(goal) }
  if (hangs || !anchor) return null
  const found = rows.find(({ key }) => key === anchor.key) ?? (anchor.n === null ? null : rowNear(rows, anchor.n))
  return found ? { index: rows.indexOf(found), anchor: { ...anchor, key: found.key } } : null
}

function goalAnchor(row: TimelineRow, height = innerHeight): Anchor {
  return { key: row.key, n: row.is === 'message' ? row.item.n : null, top: Math.round(height * GOAL_STANDS_AT) }
}

function scrollTo(list: VirtualizerHandle | null, index: number, anchor: Anchor): Anchor {
  list?.scrollToIndex(index, { align: 'start', offset: -anchor.top })
  return anchor
}

interface AtBottom {
  view: RefObject<HTMLDivElement | null>
  rows: readonly TimelineRow[]
  later: boolean
  reader: Reader
}

/** Who stands at the bottom hangs on it: whatever comes. */
function useBottom({ view, rows, later, reader }: AtBottom) {
  const [isThere, setThere] = useState(reader.hangs)
  const lastOffset = useRef(0)
  // Again with each row that is measured, while one hangs. The list's own way there would go on for a while under a turning wheel.
  const toEnd = useCallback(() => {
    view.current?.scrollTo({ top: view.current.scrollHeight })
    lastOffset.current = view.current?.scrollTop ?? 0
  }, [view])

  const hang = useCallback(
    (hangs: boolean) => {
      reader.hang(hangs)
      setThere(hangs)
    },
    [reader],
  )

  useLayoutEffect(() => {
    if (reader.hangs) toEnd()
  }, [rows, toEnd, reader])

  return useMemo(
    () => ({
      isThere,
      toEnd,
      hang,
      settle: () => hang(!later && isNearBottom(view.current)),
      scrolled() {
        const offset = view.current?.scrollTop ?? 0
        // Only a move upwards leaves the bottom: what grows below does not.
        hang(!later && (isNearBottom(view.current) || (reader.hangs && offset >= lastOffset.current)))
        lastOffset.current = offset
      },
    }),
    [isThere, toEnd, hang, later, view, reader],
  )
}

/** Asked of the element itself: the list learns of a new height of the window or the composer a little later. */
function isNearBottom(view: HTMLElement | null): boolean {
  return view === null || view.scrollHeight - view.scrollTop - view.clientHeight < AT_BOTTOM_WITHIN_PX
}

function useChangedAbove(rows: readonly TimelineRow[]): boolean {
  const before = useRef<readonly TimelineRow[]>([])
  const shift = changedAboveAlone(before.current, rows)
  useLayoutEffect(() => {
    before.current = rows
  }, [rows])
  return shift
}

/**
 * The list draws what it drew, by their places, until it hears of a move that it has made itself. Rows that came above meanwhile have
 * changed the places: it is told of the move at once, before anything is painted. Answers whether a move is such a telling.
 */
function useNudge(view: RefObject<HTMLDivElement | null>, rows: readonly TimelineRow[], shift: boolean): RefObject<boolean> {
  const isOurs = useRef(false)
  useLayoutEffect(() => {
    if (!shift) return
    isOurs.current = true
    view.current?.dispatchEvent(new Event('scroll'))
    isOurs.current = false
  }, [view, rows, shift])
  return isOurs
}

/** Two frames: one in which rows are measured, one in which the view stands. */
function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false)
  useEffect(() => twoFramesLater(() => setSettled(true)), [])
  return isSettled
}
