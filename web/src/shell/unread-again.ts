import { useEffect, useEffectEvent } from 'react'

/** What is done besides, by whoever shows a room. */
const listeners = new Set<(url: string) => void>()

/** Somebody here has made unread again what leads there. */
export function tellUnreadAgain(url: string): void {
  for (const listener of listeners) listener(url)
}

export function useOnUnreadAgain(act: (url: string) => void): void {
  const onUnreadAgain = useEffectEvent(act)
  useEffect(() => {
    const listener = (url: string) => onUnreadAgain(url)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
}
