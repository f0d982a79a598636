import { useSyncExternalStore } from 'react'
import { useHasCaughtUp } from '#shell/connection-watch.tsx'
import { useIsCovered } from '#shell/use-is-covered.ts'

/** Whether somebody sees what comes: the page is in view, not covered, has the focus, and is not catching up. */
export function useIsPresent(): boolean {
  const isLooking = useSyncExternalStore(onChange, isPresent)
  const isCovered = useIsCovered()
  const hasCaughtUp = useHasCaughtUp()
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
