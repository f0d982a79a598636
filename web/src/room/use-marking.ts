import { useEffect } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import type { Reader } from './reader.ts'
import { newestNumber } from './timeline.ts'

interface Marking {
  room: RoomHandle
  view: RoomView
  reader: Reader
  /** Somebody looks, and the newest message is before them. */
  isAtEnd: boolean
}

/** Whoever has come to the end has read the room, unless they made something unread since they came. */
export function useMarking({ room, view, reader, isAtEnd }: Marking): void {
  const newest = newestNumber(view.latest)
  const { readTo } = view
  useEffect(() => {
    if (isAtEnd && readTo !== null && newest > readTo && !reader.holdsUnread) room.readTo(newest)
  }, [room, reader, isAtEnd, newest, readTo])
}

/** Esc reads the room, wherever one is in it. */
export function useEscape(act: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isTaken()) act()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [act])
}

/** What is open over the page is left by it first; a message that is open for change keeps it to itself. */
function isTaken(): boolean {
  return document.querySelector('[role=dialog],[role=alertdialog],[role=menu]') !== null
}
