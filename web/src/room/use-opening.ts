import { useEffect, useEffectEvent, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { useObservable } from '#account/observe.ts'
import { settled } from '#account/use-call.ts'
import type { Reader } from './reader.ts'
import { type Link, useLinked } from './use-linked.ts'
import { type NewLineState, numberBelow } from './use-new-line.ts'

/** Where it is not known by then how far one has read, the room begins at the bottom. */
const KNOWN_WITHIN_MS = 2_000

interface Opening {
  room: RoomHandle
  view: RoomView
  messageId: string | null
  /** Another one leads to the message anew. */
  visit: number
  reader: Reader
  line: NewLineState
}

/**
 * How a room that comes onto the screen begins: with the message of the address, with what is new, where it was left, or at the bottom. `isOpening`: that is
 * not there yet.
 */
export function useOpening({ room, view, messageId, visit, reader, line }: Opening): { link: Link; isOpening: boolean } {
  const link = useLinked(room, messageId, visit)
  const [isFirst, setFirst] = useState(true)
  const isReturning = useReturn(room, messageId === null ? placeToLoad(view, reader) : null)
  const isCutOff = useIsCutOff()
  const seeksNew = isFirst && messageId === null && reader.seeksNew && !isCutOff
  const isAskingWhat = useWaiting(seeksNew && view.is === 'ready' && !isReadKnown(view))
  const isSeekingNew = useWayToNew(room, line, seeksNew)
  // Without a connection what is kept is shown; the message is come to once there is one.
  const isOpening =
    isFirst && (link.linked.is === 'seeking' || isReturning || isAskingWhat || isSeekingNew) && !(isCutOff && view.is === 'ready')
  const hasBegun = view.is === 'ready' && !isOpening
  useEffect(() => {
    if (hasBegun) setFirst(false)
  }, [hasBegun])
  // Whoever comes by a link again is led to its message again.
  useEffect(() => reader.arrive(null), [reader, visit])

  return { link, isOpening }
}

/** A page's first attempt to connect is waited for. */
function useIsCutOff(): boolean {
  const { is } = useObservable(useAccount().belfry.connection)
  return is !== 'online' && is !== 'connecting'
}

/** Whether it is known how far one has read here, or that one is no member. */
function isReadKnown({ isMember, readTo }: RoomView): boolean {
  return isMember === false || readTo !== null
}

/** While something is to come, but for so long alone. */
function useWaiting(isToCome: boolean): boolean {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    if (!isToCome) return
    const timer = setTimeout(() => setLate(true), KNOWN_WITHIN_MS)
    return () => clearTimeout(timer)
  }, [isToCome])
  return isToCome && !isLate
}

/** Where the first of what is new is not among what was shown at first, it is loaded. Without success the room begins at the bottom. */
function useWayToNew(room: RoomHandle, { above, seek }: NewLineState, isWanted: boolean): boolean {
  const { connection } = useAccount().belfry
  const [is, setIs] = useState<'idle' | 'seeking' | 'over'>('idle')
  const isNeeded = isWanted && above !== null
  const begin = useEffectEvent(() => {
    setIs('seeking')
    const loaded = settled(connection).then(() => room.showNumber(numberBelow(above ?? 0)))
    seek(loaded)
    const end = () => setIs('over')
    loaded.then(end, end)
  })
  const giveUp = useEffectEvent(() => {
    setIs('over')
    seek(null)
  })
  useEffect(() => {
    if (isNeeded && is === 'idle') begin()
    // It has begun at the bottom, because there is no connection: nobody is led away from there later.
    if (!isWanted && is === 'seeking') giveUp()
  }, [isNeeded, isWanted, is])
  return isNeeded && is !== 'over'
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
