import { useEffect, useEffectEvent } from 'react'

/** `url`: where the notification leads. */
type OnMarked = (url: string, isUnread: boolean) => void

/** What is done besides, by whoever shows a room. */
const listeners = new Set<OnMarked>()

/** Somebody here has marked a notification as unread, or as read. */
export function tellMarked(url: string, isUnread: boolean): void {
  for (const listener of listeners) listener(url, isUnread)
}

export function useOnMarked(act: OnMarked): void {
  const onMarked = useEffectEvent(act)
  useEffect(() => {
    const listener: OnMarked = (url, isUnread) => onMarked(url, isUnread)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
}
