import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import { type Anchor, twoFramesLater } from './anchor.ts'
import { type TimelineRow, wereAddedAbove } from './timeline.ts'
import { useAnchor } from './use-anchor.ts'

const AT_BOTTOM_WITHIN_PX = 48

/** Where its reader left a room that is not on the screen; nowhere: at the bottom. */
const left = new WeakMap<RoomHandle, Anchor>()

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
export function usePlace(room: RoomHandle, rows: readonly TimelineRow[]): Place {
  const list = useRef<VirtualizerHandle>(null)
  const view = useRef<HTMLDivElement>(null)
  const [start] = useState(() => startIn(room, rows))
  const hangs = useRef(start === null)
  const lastOffset = useRef(0)
  const [isAtBottom, setAtBottom] = useState(start === null)
  const isSettled = useSettled()
  const shift = useAddedAbove(rows)

  const toEnd = useCallback(() => list.current?.scrollToIndex(Math.max(0, rows.length - 1), { align: 'end' }), [rows.length])
  const anchor = useAnchor({ rows, view, hangs, shift, start })

  const onScroll = useCallback(
    (offset: number) => {
      if (anchor.isReturning()) return
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

  useLayoutEffect(() => {
    if (start) list.current?.scrollToIndex(start.index, { align: 'start', offset: -start.anchor.top })
    return () => leave(room, hangs.current ? null : anchor.now())
  }, [room, start, anchor, hangs])

  const onResize = useCallback(() => {
    if (hangs.current) toEnd()
    else anchor.keep()
  }, [anchor, toEnd])

  const toBottom = useCallback(() => {
    room.showLatest()
    hangs.current = true
    setAtBottom(true)
    toEnd()
  }, [room, toEnd])

  return { list, view, isAtBottom, shift, isSettled, onScroll, onResize, toBottom }
}

function startIn(room: RoomHandle, rows: readonly TimelineRow[]) {
  const anchor = left.get(room)
  const index = rows.findIndex(({ key }) => key === anchor?.key)
  return anchor && index >= 0 ? { anchor, index } : null
}

function leave(room: RoomHandle, anchor: Anchor | null): void {
  if (anchor) left.set(room, anchor)
  else left.delete(room)
}

/** Asked of the element itself: the list learns of a new height of the window or the composer a little later. */
function isNearBottom(view: HTMLElement | null): boolean {
  return view === null || view.scrollHeight - view.scrollTop - view.clientHeight < AT_BOTTOM_WITHIN_PX
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
