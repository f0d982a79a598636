import { useSyncExternalStore } from 'react'

// The same width as --breakpoint-desk.
const narrow = matchMedia('(width < 45rem)')
const coarse = matchMedia('(pointer: coarse)')

/** Whether there is room for one pane only. */
export function usePhone(): boolean {
  return useSyncExternalStore(listenToWidth, () => narrow.matches)
}

/** Whether one points with a finger: then there is a keyboard on the screen, and no other. */
export function useFinger(): boolean {
  return useSyncExternalStore(listenToPointer, () => coarse.matches)
}

/** Whether the page is out of sight: in another tab, or minimized. */
export function useHidden(): boolean {
  return useSyncExternalStore(listenToVisibility, () => document.hidden)
}

function listenToWidth(listener: () => void): () => void {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}

function listenToPointer(listener: () => void): () => void {
  coarse.addEventListener('change', listener)
  return () => coarse.removeEventListener('change', listener)
}

function listenToVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}
