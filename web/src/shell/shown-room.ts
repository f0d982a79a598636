import { useState } from 'react'
import { useLocation, useRoute } from 'wouter'
import { isRoomsPath } from '#account/paths.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'

export interface ShownRoom {
  roomId: string
  /** The message that the address leads to. */
  messageId: string | null
}

/** The room of the page: the one in the address, and beside the bare list of rooms the one that was shown last. Null on other pages. */
export function useShownRoom(): ShownRoom | null {
  const [path] = useLocation()
  const [isRoom, named] = useRoute('/rooms/:roomId/:messageId?')
  const [last, setLast] = useState(GENERAL_ROOM)
  if (isRoom && named.roomId !== last) setLast(named.roomId)
  if (isRoom) return { roomId: named.roomId, messageId: named.messageId ?? null }
  return isRoomsPath(path) ? { roomId: last, messageId: null } : null
}
