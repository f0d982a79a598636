import { useEffect, useEffectEvent, useRef } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { roomPath } from '#account/paths.ts'
import { isTaken } from '#shell/keys-taken.ts'
import { marked } from '#shell/marked.ts'
import { useNews } from '#shell/news.ts'
import { useIsCovered } from '#shell/use-is-covered.ts'
import { allRead } from '#shell/use-mark-all-read.ts'
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
  const { readTo, unread, mentions } = view
  useMarkedAgain(room, view, reader)
  useNews(marked, (url, isUnread) => isOf(room, url) && reader.holdUnread(url, isUnread))
  useEffect(() => {
    if (!isAtEnd || readTo === null || reader.holdsUnread) return
    // One's own messages are not unread: for them the marker need not move. An edit can ring where it stands already.
    if ((unread > 0 && newest > readTo) || mentions > 0) room.readTo(newest)
  }, [room, reader, isAtEnd, newest, readTo, unread, mentions])
}

/** What is told to be unread again, by whichever device, is held until nothing is unread any more: or else another one that stands at the end would read it at once. */
function useMarkedAgain({ id }: RoomHandle, { readTo, unread }: RoomView, reader: Reader): void {
  const last = useRef({ readTo, unread })
  const told = `told:${id}`
  useEffect(() => {
    const before = last.current
    last.current = { readTo, unread }
    if (before.readTo === null || readTo === null) return
    if (readTo < before.readTo) {
      reader.holdUnread(told)
      reader.beginAnew()
    }
    // What was made unread here, and is not told yet, is held all the same.
    if (unread === 0 && before.unread > 0 && reader.holds(told)) for (const what of [told, id]) reader.holdUnread(what, false)
  }, [id, told, readTo, unread, reader])
}

function isOf({ id }: RoomHandle, url: string): boolean {
  return url.startsWith(`${roomPath(id)}/`)
}

/** Esc reads the room that one sees, wherever one is in it; and so does whoever marks all rooms as read. */
export function useReadAll(act: () => void): void {
  const isCovered = useIsCovered()
  useNews(allRead, act)
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.shiftKey && !isCovered && !isTaken(event)) act()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}
