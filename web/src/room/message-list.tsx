import { type ReactElement, type Ref, useCallback, useEffect, useImperativeHandle, useMemo } from 'react'
import { Virtualizer } from 'virtua'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useIsCovered } from '#shell/use-is-covered.ts'
import { endsOf, onceStill } from './anchor.ts'
import { Beginning } from './beginning.tsx'
import { DayDivider } from './day-divider.tsx'
import { DayNote } from './day-note.tsx'
import { DownButton } from './down-button.tsx'
import { EdgeNote } from './edge-note.tsx'
import { type MessageDeeds, MessageRow, type RoomDeeds } from './message-row.tsx'
import { NewAbove } from './new-above.tsx'
import { NewLine } from './new-line.tsx'
import type { Reader } from './reader.ts'
import { concerns, type TimelineRow } from './timeline.ts'
import { goalIn, useArrival } from './use-arrival.ts'
import { useAuthors } from './use-authors.ts'
import { type Current, useCurrent } from './use-current.ts'
import { useEdges } from './use-edges.ts'
import type { Linked } from './use-linked.ts'
import { useMarking } from './use-marking.ts'
import type { NewLineState } from './use-new-line.ts'
import { useQuoted } from './use-quoted.ts'
import { type Place, usePlace } from './use-place.ts'
import { useRows } from './use-rows.ts'
import { useTopDay } from './use-top-day.ts'

/** Drawn and measured before it comes into view: what is measured in view moves what stands there. */
const DRAWN_AHEAD_PX = 600

export interface MessageListHandle {
  toBottom: () => void
}

interface MessageListProps {
  ref: Ref<MessageListHandle>
  room: RoomHandle
  name: string
  view: RoomView
  reader: Reader
  line: NewLineState
  isPresent: boolean
  linked: Linked
  editing: string | null
  deeds: RoomDeeds
  onLatest: () => void
  /** All is to count as read. */
  onRead: () => void
}

export function MessageList(props: MessageListProps) {
  const { ref, room, name, view, reader, line, linked, editing, deeds: roomDeeds, onLatest } = props
  const rows = useRows(view, line.first?.id ?? null, reader)
  const linkGoal = goalIn(rows, linked, reader)
  const goal = linkGoal ?? newGoal(rows, line, reader)
  const place = usePlace({ room, rows, later: view.later, reader, goal })
  useMarking({
    room,
    view,
    reader,
    isAtEnd: props.isPresent && place.isSettled && place.isAtBottom && !view.later && line.unreached === null,
  })
  const current = useCurrent(rows, place.list)
  const onMoved = useReaching({ line, reader, place, unread: view.unread, isPresent: props.isPresent, isLed: linkGoal !== null })
  const lit = useArrival({ rows, linked, reader, place, current })
  const edges = useEdges(room, view, place)
  const { day, look } = useTopDay(rows, reader)
  const draw = useDrawing({ room, name, view, lit, current, editing, roomDeeds })
  useImperativeHandle(ref, () => toBottomOf(place, line), [place, line])

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
          bufferSize={DRAWN_AHEAD_PX}
          keepMounted={keptMounted(rows, current.index, editing)}
          onScroll={() => {
            const isElsewhere = place.onScroll()
            look()
            edges.check()
            if (isElsewhere) onMoved()
          }}
          onScrollEnd={() => {
            place.onScrollEnd()
            onceStill(place.isUnderWay, onMoved)
          }}
          onResize={place.onResize}
        >
          {draw}
        </Virtualizer>
      </div>
      <DayNote at={day} />
      {line.above !== null && <NewAbove room={room} line={line} behind={line.above} unread={view.unread} onRead={props.onRead} />}
      <EdgeNote of="earlier" loading={edges.earlier} />
      <EdgeNote of="later" loading={edges.later} />
      <DownButton view={view} reader={reader} isAtBottom={place.isAtBottom} onClick={onLatest} />
    </div>
  )
}

interface Drawing {
  room: RoomHandle
  name: string
  view: RoomView
  lit: string | null
  current: Current
  editing: string | null
  roomDeeds: RoomDeeds
}

/** How a row is drawn. */
function useDrawing({ room, name, view, lit, current, editing, roomDeeds }: Drawing): (row: TimelineRow) => ReactElement {
  const { user, belfry } = useAccount()
  const author = useAuthors(view.items)
  const blocked = useObservable(belfry.blocked)
  const quotedOf = useQuoted(view)
  const deeds = useMemo<MessageDeeds>(() => ({ ...roomDeeds, onFocus: current.setKey }), [roomDeeds, current.setKey])

  return (row) => (
    <div key={row.key}>
      {row.is === 'beginning' ? (
        <>
          <Beginning roomId={room.id} roomName={name} view={view} isEmpty={row.dayBelow === null} />
          {row.dayBelow !== null && <DayDivider at={row.dayBelow} />}
          {row.newBelow && <NewLine />}
        </>
      ) : (
        <MessageRow
          row={row}
          author={author(row.item.authorId)}
          quoted={quotedOf(row.item.replyTo)}
          isBlocked={blocked.has(row.item.authorId)}
          isMine={row.item.authorId === user.id}
          isForOneself={!blocked.has(row.item.authorId) && concerns(row.item, user.id)}
          isCurrent={row.key === current.key}
          isEditing={row.key === editing}
          isLit={row.key === lit}
          deeds={deeds}
        />
      )}
    </div>
  )
}

/** Whoever goes to the bottom does not want to be led up any more. */
function toBottomOf({ toBottom }: Place, { seek }: NewLineState): MessageListHandle {
  return {
    toBottom() {
      seek(null)
      toBottom()
    },
  }
}

/** Whoever comes to read what is new begins with it. */
function newGoal(rows: readonly TimelineRow[], { first, sought }: NewLineState, reader: Reader): TimelineRow | null {
  const goal = sought ?? (reader.seeksNew ? first : null)
  return goal && (rows.find(({ key }) => key === goal.id) ?? null)
}

interface Reached {
  line: NewLineState
  reader: Reader
  place: Place
  unread: number
  /** Nobody is found to have come anywhere who does not look. */
  isPresent: boolean
  /** A link leads them elsewhere. */
  isLed: boolean
}

/** Brings the reader to what is new, where they want to be, and notices whether they have come there. Answers what is to be asked when the view has moved. */
function useReaching({ line, reader, place, unread, isPresent, isLed }: Reached): () => void {
  const { first, behind, unreached, sought, reach, miss } = line
  const isCovered = useIsCovered()
  useEffect(() => {
    // Nobody comes anywhere beneath the list of rooms: they come out of it to what is new.
    if (isCovered) return
    if (sought) place.toRow(sought.id)
    if (sought || (first && reader.seeksNew && !isLed && !place.isSettled)) reach()
    reader.seekNew(false)
  }, [first, sought, reach, reader, place, isLed, isCovered])

  const look = useCallback(() => {
    const isDone = unreached === null && unread === 0
    if (!isPresent || behind === null || isDone) return
    const [top, bottom] = endsOf(place.view.current)
    if (top === null) return
    if (unreached === null) reader.readOn(bottom)
    else if (top <= Math.max(first?.n ?? behind + 1, reader.readOnTo + 1)) reach()
    else miss()
  }, [isPresent, unread, unreached, first, behind, reader, place.view, reach, miss])
  // Where it stands in the view already, nothing has to move for that.
  const { isSettled, isUnderWay } = place
  useEffect(() => (behind !== null && isSettled ? onceStill(isUnderWay, look) : undefined), [behind, isSettled, isUnderWay, look])
  return look
}

/** What has the focus or is being edited stays, however far one scrolls. */
function keptMounted(rows: readonly TimelineRow[], current: number, editing: string | null): number[] {
  const edited = editing === null ? -1 : rows.findIndex((row) => row.key === editing)
  return [current, edited].filter((index, at, all) => index >= 0 && all.indexOf(index) === at)
}
