import { useCallback, useRef, useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import { useBackOnline } from '#account/use-back-online.ts'

export interface Earlier {
  is: 'idle' | 'loading' | 'failed'
  load: () => void
}

/** Loads the next older page, one at a time. After a failure the reader asks for it, or the connection comes back. */
export function useEarlier(room: RoomHandle): Earlier {
  const [is, setIs] = useState<Earlier['is']>('idle')
  const isLoading = useRef(false)

  const load = useCallback(() => {
    if (isLoading.current) return
    isLoading.current = true
    setIs('loading')
    room
      .loadEarlier()
      .then(
        () => setIs('idle'),
        () => setIs('failed'),
      )
      .finally(() => {
        isLoading.current = false
      })
  }, [room])
  useBackOnline(() => is === 'failed' && load())

  return { is, load }
}
