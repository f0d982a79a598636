import { useEffect, useEffectEvent } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { isTaken } from '#shell/keys-taken.ts'
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
  const { readTo, unread } = view
  useEffect(() => {
    // One's own messages are not unread: for them the marker need not move.
    if (isAtEnd && unread > 0 && readTo !== null && newest > readTo && !reader.holdsUnread) room.readTo(newest)
  }, [room, reader, isAtEnd, newest, readTo, unread])
}

/** Esc reads the room, wherever one is in it. */
export function useEscape(act: () => void): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.shiftKey && !isTaken(event)) act()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}
