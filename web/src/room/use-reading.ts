import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import type { Reader } from './reader.ts'
import type { TimelineRow } from './timeline.ts'

/** Who scrolls down without a rest is interrupted for a moment once so many rows are held. */
const HELD_WHILE_MOVING_MAX = 1_500

interface Reading {
  room: RoomHandle
  rows: readonly TimelineRow[]
  reader: Reader
  shift: boolean
  list: RefObject<VirtualizerHandle | null>
  view: RefObject<HTMLDivElement | null>
}

/**
 * Tells the room what is read, so that what is far from there is let go of. Rows above go while the view rests: until it does, the list
 * keeps its distance from the end, and all that is measured below would move what one reads.
 */
export function useReading({ room, rows, reader, shift, list, view }: Reading) {
  const isMovingDown = useRef(false)
  const held = rows.length

  const tell = useCallback(() => {
    if (isMovingDown.current && held < HELD_WHILE_MOVING_MAX) return
    if (reader.hangs) room.reads(null)
    else if (reader.anchor?.n) room.reads(reader.anchor.n)
  }, [room, held, reader])
  useEffect(tell, [tell, rows])

  useLayoutEffect(() => {
    // A scroll of ours, to where it stands, ends the keeping of the distance.
    if (shift && isMovingDown.current) list.current?.scrollTo(view.current?.scrollTop ?? 0)
  }, [rows, shift, list, view])

  return useMemo(
    () => ({
      /** `null`: as before. */
      moved(isDown: boolean | null) {
        isMovingDown.current = isDown ?? isMovingDown.current
        tell()
      },
      rests() {
        isMovingDown.current = false
        tell()
      },
    }),
    [tell],
  )
}
