import { type Ref, useCallback, useEffect, useImperativeHandle, useMemo } from 'react'
import { Virtualizer } from 'virtua'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { Beginning } from './beginning.tsx'
import { DayDivider } from './day-divider.tsx'
import { DownButton } from './down-button.tsx'
import { EarlierNote } from './earlier-note.tsx'
import { type MessageDeeds, MessageRow, type RoomDeeds } from './message-row.tsx'
import type { TimelineRow } from './timeline.ts'
import { useAuthors } from './use-authors.ts'
import { useCurrent } from './use-current.ts'
import { useEarlier } from './use-earlier.ts'
import { usePlace } from './use-place.ts'
import { useRows } from './use-rows.ts'

const LOAD_WITHIN_VIEWS = 1.5

export interface MessageListHandle {
  toBottom: () => void
}

interface MessageListProps {
  ref: Ref<MessageListHandle>
  room: RoomHandle
  name: string
  view: RoomView
  editing: string | null
  deeds: RoomDeeds
}

export function MessageList({ ref, room, name, view, editing, deeds: roomDeeds }: MessageListProps) {
  const { user } = useAccount()
  const rows = useRows(view)
  const place = usePlace(room, rows)
  const current = useCurrent(rows, place.list)
  const authors = useAuthors(view.items)
  const earlier = useEarlier(room)
  useLettingGo(room, view, place.isAtBottom)
  const onScroll = useNearTop({ view, earlier, place })
  const deeds = useMemo<MessageDeeds>(() => ({ ...roomDeeds, onFocus: current.setKey }), [roomDeeds, current.setKey])
  useImperativeHandle(ref, () => ({ toBottom: place.toBottom }), [place.toBottom])

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={place.view}
        role="log"
        aria-label="Messages"
        aria-live="off"
        onKeyDown={current.onKeyDown}
        className={`flex min-h-0 flex-1 flex-col overflow-x-hidden overflow-y-auto overscroll-contain pb-3 [overflow-anchor:none] ${place.isSettled ? '' : 'opacity-0'}`}
      >
        <div className="flex-1" />
        <Virtualizer
          ref={place.list}
          data={rows}
          shift={place.shift}
          keepMounted={keptMounted(rows, current.index, editing)}
          onScroll={onScroll}
          onResize={place.onResize}
        >
          {(row) => (
            <div key={row.key}>
              {row.is === 'beginning' ? (
                <BeginningRow roomName={name} dayBelow={row.dayBelow} />
              ) : (
                <MessageRow
                  row={row}
                  author={authors.name(row.item.authorId)}
                  picture={authors.picture(row.item.authorId)}
                  isMine={row.item.authorId === user.id}
                  isCurrent={row.key === current.key}
                  isEditing={row.key === editing}
                  deeds={deeds}
                />
              )}
            </div>
          )}
        </Virtualizer>
      </div>
      <EarlierNote earlier={earlier} />
      <DownButton items={view.items} isAtBottom={place.isAtBottom} onClick={place.toBottom} />
    </div>
  )
}

function BeginningRow({ roomName, dayBelow }: { roomName: string; dayBelow: number | null }) {
  return (
    <>
      <Beginning roomName={roomName} isEmpty={dayBelow === null} />
      {dayBelow !== null && <DayDivider at={dayBelow} />}
    </>
  )
}

interface NearTop {
  view: RoomView
  earlier: ReturnType<typeof useEarlier>
  place: ReturnType<typeof usePlace>
}

/** Asks for older messages before the reader reaches the top, and while they do not fill the view. */
function useNearTop({ view, earlier, place }: NearTop) {
  const { list, isSettled, onScroll: onMoved } = place
  const { is, load } = earlier
  const check = useCallback(() => {
    const handle = list.current
    if (!handle || !isSettled || !view.earlier || is !== 'idle') return
    if (handle.scrollOffset < handle.viewportSize * LOAD_WITHIN_VIEWS) load()
  }, [list, isSettled, view.earlier, is, load])

  useEffect(check, [check, view.items])

  return useCallback(
    (offset: number) => {
      onMoved(offset)
      check()
    },
    [onMoved, check],
  )
}

/** A long way back through the history is not carried along for ever. */
function useLettingGo(room: RoomHandle, { items }: RoomView, isAtBottom: boolean): void {
  useEffect(() => {
    if (isAtBottom) room.reads(null)
  }, [room, isAtBottom, items])
}

/** What has the focus or is being edited stays, however far one scrolls. */
function keptMounted(rows: readonly TimelineRow[], current: number, editing: string | null): number[] {
  const edited = editing === null ? -1 : rows.findIndex((row) => row.key === editing)
  return [current, edited].filter((index, at, all) => index >= 0 && all.indexOf(index) === at)
}
