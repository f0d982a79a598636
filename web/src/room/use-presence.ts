import { useSyncExternalStore } from 'react'

/** Whether somebody looks at this page: it is in view, and has the focus. */
export function useIsPresent(): boolean {
  return useSyncExternalStore(onChange, isPresent)
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
