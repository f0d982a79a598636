import { useState, useSyncExternalStore } from 'react'
import { useLocation, useRoute } from 'wouter'
import { isRoomsPath } from '#account/paths.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'

export interface ShownRoom {
  roomId: string
  /** The message that the address leads to. */
  messageId: string | null
  /** Grows each time that one goes to an address, also to the one where one is: a link leads to its message again. */
  visit: number
}

/** The room of the page: the one in the address, and beside the bare list of rooms the one that was shown last. Null on other pages. */
export function useShownRoom(): ShownRoom | null {
  const [path] = useLocation()
  const [isRoom, named] = useRoute('/rooms/:roomId/:messageId?')
  const visit = useSyncExternalStore(onVisit, () => visits)
  const [last, setLast] = useState(GENERAL_ROOM)
  if (isRoom && named.roomId !== last) setLast(named.roomId)
  if (isRoom) return { roomId: named.roomId, messageId: named.messageId ?? null, visit }
  return isRoomsPath(path) ? { roomId: last, messageId: null, visit } : null
}

let visits = 0

/** Told by the window: the address alone does not say so. */
function onVisit(tell: () => void): () => void {
  const count = () => {
    visits += 1
    tell()
  }
  for (const event of ['pushState', 'popstate']) addEventListener(event, count)
  return () => {
    for (const event of ['pushState', 'popstate']) removeEventListener(event, count)
  }
}
