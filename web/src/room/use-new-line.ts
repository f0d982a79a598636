import { useEffect, useState } from 'react'
import type { RoomView, TimelineItem } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import type { Reader } from './reader.ts'
import { firstUnread } from './timeline.ts'

export interface NewLineState {
  /** The message above which it stands; null: none, or not among those that are shown. */
  first: TimelineItem | null
  /** It stands behind this number, above all that is shown: what lies between would have to be loaded. Null: it does not. */
  above: number | null
  /** Puts it behind this number, or takes it away. */
  put: (behind: number | null) => void
}

/**
 * The line above what is new. It is drawn where unread messages are found, as one comes into the room or back to the page, and stays there
 * while one reads them.
 */
export function useNewLine(view: RoomView, { reader, isPresent }: { reader: Reader; isPresent: boolean }): NewLineState {
  const { user } = useAccount()
  const { readTo, unread, items, earlier, later } = view
  const [behind, put] = useState<number | null>(null)
  const [hasBegun, begin] = useState(false)
  const [wasAllRead, setAllRead] = useState(false)
  // Before anything is drawn: the view begins at the line.
  if (!hasBegun && view.is === 'ready' && readTo !== null) {
    begin(true)
    setAllRead(unread === 0)
    put(unread > 0 ? readTo : null)
  }

  useEffect(() => {
    if (unread === 0) return setAllRead(true)
    // What is read at once is unread for a moment.
    const readsAtOnce = isPresent && reader.hangs && !later && !reader.holdsUnread
    if (!wasAllRead || readsAtOnce) return
    setAllRead(false)
    put(readTo)
  }, [unread, readTo, later, wasAllRead, isPresent, reader])

  const isAbove = behind !== null && earlier && (items[0]?.n ?? 0) > behind + 1
  const first = behind === null || isAbove ? null : firstUnread(items, { readTo: behind, ownId: user.id })
  return { first, above: isAbove ? behind : null, put }
}
