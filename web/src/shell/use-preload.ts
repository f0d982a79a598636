import { useEffect } from 'react'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { preloadLaterParts } from '#theme/later-part.tsx'

const PRELOAD_AFTER_MS = 1_500

/** Once the room is there, the rest of the page follows: offline it could not be had any more. */
export function usePreload(): void {
  const isOnline = useObservable(useAccount().belfry.connection).is === 'online'
  useEffect(() => {
    if (!isOnline) return
    const timer = setTimeout(preloadLaterParts, PRELOAD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isOnline])
}
