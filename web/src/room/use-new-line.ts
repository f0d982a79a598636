import { useCallback, useEffect, useState } from 'react'
import type { RoomView, TimelineItem } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import type { Reader } from './reader.ts'
import { firstBehind, firstUnread } from './timeline.ts'

export interface NewLineState {
  /** The message above which it stands; null: none, or not among those that are shown. */
  first: TimelineItem | null
  /** It stands behind this number; null: it stands nowhere. */
  behind: number | null
  /** It stands behind this number, and nobody has come to it yet: until they do, nothing is read. Null: it does not. */
  unreached: number | null
  /** The same, where it is known to stand above the view. */
  above: number | null
  /** The message to which the reader wants to come, now that it is among what is shown. */
  sought: TimelineItem | null
  /** The reader wants to come to it, as soon as this is loaded; null: no more. */
  seek: (loaded: Promise<void> | null) => void
  /** The reader has come to it, or stands where they come by it or go on from it. */
  reach: () => void
  /** It is found to stand above what the reader sees. */
  miss: () => void
  /** Puts it behind this number, or takes it away. */
  put: (behind: number | null) => void
}

/** `drawn`: it is not known yet whether the reader sees what it stands above, or has to be led up to it. */
interface Line {
  behind: number | null
  is: 'drawn' | 'above' | 'reached'
}

const NONE: Line = { behind: null, is: 'drawn' }

interface Looking {
  reader: Reader
  isPresent: boolean
  /** What is new here will be known in a moment. */
  isUnknown: boolean
}

/** Around which number to load, so that what is read stands above the line. */
export function numberBelow(above: number): number {
  return Math.max(above, 1)
}

/**
 * The line above what is new. It is drawn where unread messages are found, as one comes into the room or back to the page, and stays there
 * while one reads them.
 */
export function useNewLine(view: RoomView, { reader, isPresent, isUnknown }: Looking): NewLineState {
  const { user } = useAccount()
  const { readTo, unread, items, from, earlier, later } = view
  const [{ behind, is }, setLine] = useState(NONE)
  const [search, seek] = useSearch()
  const put = useCallback(
    (behind: number | null) => {
      seek(null)
      setLine({ behind, is: 'drawn' })
    },
    [seek],
  )
  const [hasBegun, begin] = useState(false)
  const [wasAllRead, setAllRead] = useState(false)
  // Before anything is drawn: the view begins at the line.
  if (!hasBegun && view.is === 'ready' && readTo !== null && !isUnknown) {
    begin(true)
    setAllRead(unread === 0)
    put(unread > 0 ? readTo : null)
  }
  // All was read, here or on another device, and nobody has to come to it any more.
  if (is === 'above' && unread === 0 && readTo !== null) put(null)

  useEffect(() => {
    if (unread === 0) {
      reader.beginAnew()
      return setAllRead(true)
    }
    // What is read at once is unread for a moment.
    const readsAtOnce = isPresent && reader.hangs && !later && !reader.holdsUnread
    if (!wasAllRead || readsAtOnce) return
    setAllRead(false)
    put(readTo)
  }, [unread, readTo, later, wasAllRead, isPresent, reader, put])

  // It is drawn below what is read: that has to be there too.
  const isBeyond = behind !== null && earlier && from > behind
  // It stays above when what is loaded ahead of the reader brings it among what is shown: they have not seen it by that.
  if (isBeyond && is === 'drawn') setLine({ behind, is: 'above' })
  const reach = useCallback(() => {
    seek(null)
    setLine((line) => (line.is === 'reached' ? line : { ...line, is: 'reached' }))
  }, [seek])
  const miss = useCallback(() => setLine((line) => (line.is === 'drawn' ? { ...line, is: 'above' } : line)), [])

  const first = behind === null || isBeyond ? null : firstUnread(items, { readTo: behind, ownId: user.id })
  // Where one's own messages alone are loaded behind the number, one reads on from there.
  const next = search?.isLoaded && behind !== null && !isBeyond ? firstBehind(items, behind) : null
  const sought = search && (first ?? next)
  if (search?.isLoaded && !sought) seek(null)
  const unreached = is !== 'reached' && (isBeyond || first) ? behind : null
  return { first, behind, unreached, above: is === 'above' ? unreached : null, sought, seek, reach, miss, put }
}

/** What the reader looks for: until it is found, or they want it no more. */
function useSearch(): [{ isLoaded: boolean } | null, NewLineState['seek']] {
  const [search, setSearch] = useState<{ isLoaded: boolean } | null>(null)
  const seek = useCallback((loaded: Promise<void> | null) => {
    const begun = loaded && { isLoaded: false }
    setSearch(begun)
    const end = (found: { isLoaded: true } | null) => setSearch((now) => (now === begun ? found : now))
    loaded?.then(
      () => end({ isLoaded: true }),
      () => end(null),
    )
  }, [])
  return [search, seek]
}
