import { useEffect, useEffectEvent, useRef } from 'react'
import { useObservable } from './observe.ts'
import { useAccount } from './use-account.ts'

/** Runs whenever the connection is there again: what failed without it is tried anew. */
export function useBackOnline(run: () => unknown): void {
  const { is } = useObservable(useAccount().belfry.connection)
  const wasOnline = useRef(is === 'online')
  const back = useEffectEvent(run)
  useEffect(() => {
    if (is === 'online' && !wasOnline.current) back()
    wasOnline.current = is === 'online'
  }, [is])
}
