import { useSyncExternalStore } from 'react'

// The same width as --breakpoint-desk.
const query = matchMedia('(width < 45rem)')

/** Whether there is room for one pane only. */
export function usePhone(): boolean {
  return useSyncExternalStore(listen, () => query.matches)
}

function listen(listener: () => void): () => void {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
