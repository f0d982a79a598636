import { useCallback, useEffect, useEffectEvent } from 'react'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { settled } from '#account/use-call.ts'
import { tell } from './notice.tsx'

/** What is done besides, by whoever shows a room. */
const listeners = new Set<() => void>()

/** Reads all rooms; says so where it could not be done. */
export function useMarkAllRead(): () => void {
  const { belfry } = useAccount()
  return useCallback(() => {
    for (const listener of listeners) listener()
    const done = settled(belfry.connection).then(() => belfry.rooms.markAllRead())
    done.catch((error: unknown) => tell(refusalWords(error)))
  }, [belfry])
}

/** Runs when somebody here marks all rooms as read. */
export function useOnAllRead(act: () => void): void {
  const onAllRead = useEffectEvent(act)
  useEffect(() => {
    const listener = () => onAllRead()
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
}
