import { useMemo } from 'react'
import type { Presence } from '@belfry/protocol/down.ts'
import { useObservable } from './observe.ts'
import { useAccount } from './use-account.ts'

/** How present somebody is, for as long as they are shown; null: it is not known. */
export function usePresenceOf(userId: string): Presence | null {
  const { belfry } = useAccount()
  return useObservable(useMemo(() => belfry.presence.of(userId), [belfry, userId]))
}
