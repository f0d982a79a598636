import { useEffect, useState, useSyncExternalStore } from 'react'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useIsCovered } from '#shell/use-is-covered.ts'

/** What came while the connection was away comes within so long of its return: nobody has seen it come. */
const CATCHES_UP_WITHIN_MS = 1_000

/** Whether somebody sees what comes: the page is in view, not covered, has the focus, and is not catching up. */
export function useIsPresent(): boolean {
  const isLooking = useSyncExternalStore(onChange, isPresent)
  const isCovered = useIsCovered()
  const isOnline = useObservable(useAccount().belfry.connection).is === 'online'
  const [hasCaughtUp, setCaughtUp] = useState(isOnline)
  useEffect(() => {
    if (!isOnline) return setCaughtUp(false)
    const timer = setTimeout(() => setCaughtUp(true), CATCHES_UP_WITHIN_MS)
    return () => clearTimeout(timer)
  }, [isOnline])
  return isLooking && !isCovered && hasCaughtUp
}

function isPresent(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}

function onChange(tell: () => void): () => void {
  const on = { window: ['focus', 'blur'], document: ['visibilitychange'] }
  for (const event of on.window) addEventListener(event, tell)
  for (const event of on.document) document.addEventListener(event, tell)
  return () => {
    for (const event of on.window) removeEventListener(event, tell)
    for (const event of on.document) document.removeEventListener(event, tell)
  }
}
