import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { useBackOnline } from '#account/use-back-online.ts'
import { settled } from '#account/use-call.ts'
import type { Place } from './use-place.ts'

/** More is loaded before the reader comes to an end: so many heights of the view ahead. */
const LOAD_WITHIN_VIEWS = 2

export interface Loading {
  is: 'idle' | 'loading' | 'failed'
  load: () => void
}

export interface Edges {
  earlier: Loading
  later: Loading
  /** The view has moved. */
  check: () => void
}

/** Loads more at either end of what is shown, while the reader is near to it, or while it does not fill the view. */
export function useEdges(room: RoomHandle, view: RoomView, { list, isSettled }: Place): Edges {
  const earlier = useLoading(useCallback(() => room.loadEarlier(), [room]))
  const later = useLoading(useCallback(() => room.loadLater(), [room]))

  const check = useCallback(() => {
    const handle = list.current
    if (!handle || !isSettled) return
    const ahead = handle.viewportSize * LOAD_WITHIN_VIEWS
    const below = handle.scrollSize - handle.scrollOffset - handle.viewportSize
    if (view.earlier && earlier.is === 'idle' && handle.scrollOffset < ahead) earlier.load()
    if (view.later && later.is === 'idle' && below < ahead) later.load()
  }, [list, isSettled, view.earlier, view.later, earlier, later])
  useEffect(check, [check, view.items])

  return { earlier, later, check }
}

/** One page at a time; a page of ours that has just been opened first connects. After a failure the reader asks for it, or the connection comes back. */
function useLoading(loadPage: () => Promise<void>): Loading {
  const { connection } = useAccount().belfry
  const [is, setIs] = useState<Loading['is']>('idle')
  const isLoading = useRef(false)

  const load = useCallback(() => {
    if (isLoading.current) return
    isLoading.current = true
    setIs('loading')
    settled(connection)
      .then(loadPage)
      .then(
        () => setIs('idle'),
        () => setIs('failed'),
      )
      .finally(() => {
        isLoading.current = false
      })
  }, [connection, loadPage])
  useBackOnline(() => is === 'failed' && load())

  return useMemo(() => ({ is, load }), [is, load])
}
