import { useEffect, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { useObservable } from '#account/observe.ts'
import type { Reader } from './reader.ts'
import { type Link, useLinked } from './use-linked.ts'

interface Opening {
  room: RoomHandle
  view: RoomView
  messageId: string | null
  /** Another one leads to the message anew. */
  visit: number
  reader: Reader
}

/** How a room that comes onto the screen begins: with the message of the address, where it was left, or at the bottom. `isOpening`: that is not there yet. */
export function useOpening({ room, view, messageId, visit, reader }: Opening): { link: Link; isOpening: boolean } {
  const link = useLinked(room, messageId, visit)
  const [isFirst, setFirst] = useState(true)
  const isReturning = useReturn(room, messageId === null ? placeToLoad(view, reader) : null)
  const isCutOff = useIsCutOff()
  // Without a connection what is kept is shown; the message is come to once there is one.
  const isOpening = isFirst && (link.linked.is === 'seeking' || isReturning) && !(isCutOff && view.is === 'ready')
  useEffect(() => {
    if (!isOpening) setFirst(false)
  }, [isOpening])
  // Whoever comes by a link again is led to its message again.
  useEffect(() => reader.arrive(null), [reader, visit])

  return { link, isOpening }
}

/** A page's first attempt to connect is waited for. */
function useIsCutOff(): boolean {
  const { is } = useObservable(useAccount().belfry.connection)
  return is !== 'online' && is !== 'connecting'
}

/** What stood on top when the room was left, if that was let go of meanwhile. */
function placeToLoad({ items }: RoomView, { hangs, anchor }: Reader): string | null {
  if (hangs || !anchor?.n || items.some(({ id }) => id === anchor.key)) return null
  return anchor.key
}

/** Asks once, when the room comes onto the screen. Without success it begins at the bottom. */
function useReturn(room: RoomHandle, wanted: string | null): boolean {
  const [messageId, setMessageId] = useState(wanted)
  useEffect(() => {
    if (messageId === null) return
    const end = () => setMessageId(null)
    room.showAround(messageId).then(end, end)
  }, [room, messageId])
  return messageId !== null
}
