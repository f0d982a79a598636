import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { useObservable } from '#account/observe.ts'
import { settled } from '#account/use-call.ts'
import type { Reader } from './reader.ts'
import { newestNumber } from './timeline.ts'
import { type Link, useLinked } from './use-linked.ts'
import { type NewLineState, numberBelow } from './use-new-line.ts'

/** Where it is not known by then what is new, the room begins at the bottom. */
const KNOWN_WITHIN_MS = 1_000

/** A room that comes onto the screen, before it has begun. */
export interface Coming {
  isFirst: boolean
  /** The view is to begin with what is new. */
  seeksNew: boolean
  /** What that is will be known in a moment: nothing is drawn until then. */
  isUnknown: boolean
  /** There is no connection, and the page's first attempt is over. */
  isCutOff: boolean
  begun: () => void
}

interface Come {
  view: RoomView
  messageId: string | null
  reader: Reader
}

export function useComing({ view, messageId, reader }: Come): Coming {
  const { belfry } = useAccount()
  const [isFirst, setFirst] = useState(true)
  const { is } = useObservable(belfry.connection)
  const { isWhole } = useObservable(belfry.rooms.list)
  // A page's first attempt to connect is waited for.
  const isCutOff = is !== 'online' && is !== 'connecting'
  const seeksNew = isFirst && messageId === null && reader.seeksNew && !isCutOff
  const isUnknown = useWaiting(seeksNew && view.is === 'ready' && (is === 'connecting' || !isWhole || isBehind(view)))
  return { isFirst, seeksNew, isUnknown, isCutOff, begun: useCallback(() => setFirst(false), []) }
}

/** Whether it is not known yet how far one has read, or what is kept here has not come as far: messages that are counted as unread are on their way. */
function isBehind({ isMember, readTo, unread, latest }: RoomView): boolean {
  return isMember !== false && (readTo === null || (unread > 0 && newestNumber(latest) <= readTo))
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

interface Opening {
  room: RoomHandle
  view: RoomView
  messageId: string | null
  /** Another one leads to the message anew. */
  visit: number
  reader: Reader
  line: NewLineState
  coming: Coming
}

/** `toBottom`: for whoever does not want to wait for that. */
interface Opened {
  link: Link
  isOpening: boolean
  toBottom: () => void
}

/**
 * How a room that comes onto the screen begins: with the message of the address, with what is new, where it was left, or at the bottom. `isOpening`: that is
 * not there yet.
 */
export function useOpening({ room, view, messageId, visit, reader, line, coming }: Opening): Opened {
  const { isFirst, begun, isUnknown, isCutOff, seeksNew } = coming
  const link = useLinked(room, messageId, visit)
  const isReturning = useReturn(room, messageId === null ? placeToLoad(view, reader) : null)
  const way = useWayToNew(room, line, seeksNew && !isUnknown)
  // Without a connection what is kept is shown; the message is come to once there is one.
  const isOnItsWay = link.linked.is === 'seeking' || isReturning || isUnknown || way.isUnderWay
  const isOpening = isFirst && isOnItsWay && !(isCutOff && view.is === 'ready')
  const hasBegun = view.is === 'ready' && !isOpening
  useEffect(() => {
    if (hasBegun) begun()
  }, [hasBegun, begun])
  // Whoever comes by a link again is led to its message again.
  useEffect(() => reader.arrive(null), [reader, visit])

  function toBottom(): void {
    reader.hang(true)
    reader.seekNew(false)
    way.leave()
    begun()
  }

  return { link, isOpening, toBottom }
}

/** Where the first of what is new is not among what was shown at first, it is loaded. Without success the room begins at the bottom. */
function useWayToNew(
  room: RoomHandle,
  { above, behind, seek }: NewLineState,
  isWanted: boolean,
): { isUnderWay: boolean; leave: () => void } {
  const { connection } = useAccount().belfry
  const [is, setIs] = useState<'idle' | 'begun' | 'over'>('idle')
  const going = useRef<AbortController | null>(null)

  const begin = useEffectEvent(() => {
    const own = new AbortController()
    going.current = own
    setIs('begun')
    const loaded = settled(connection).then(() => (own.signal.aborted ? undefined : room.showNumber(numberBelow(above ?? 0))))
    seek(loaded)
    const end = () => {
      if (going.current !== own) return
      going.current = null
      setIs('over')
    }
    loaded.then(end, end)
  })
  // Nobody is led there later.
  const leave = useCallback(() => {
    if (!going.current) return
    going.current.abort()
    going.current = null
    setIs('over')
    seek(null)
    room.showLatest()
  }, [room, seek])

  const isToBegin = is === 'idle' && isWanted && above !== null
  // It was read meanwhile, here or elsewhere, or the connection is gone.
  const isMoot = is === 'begun' && (!isWanted || behind === null)
  useEffect(() => {
    if (isToBegin) begin()
    if (isMoot) leave()
  }, [isToBegin, isMoot, leave])
  useEffect(() => leave, [leave])
  return { isUnderWay: isToBegin || (is === 'begun' && !isMoot), leave }
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
