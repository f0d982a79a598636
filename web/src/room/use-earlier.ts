import { useCallback, useRef, useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'

export interface Earlier {
  is: 'idle' | 'loading' | 'failed'
  load: () => void
}

/** Loads the next older page, one at a time. After a failure the reader asks for it. */
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

  return { is, load }
}
