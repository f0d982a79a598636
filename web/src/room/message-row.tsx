import { memo } from 'react'
import type { RoomHandle, TimelineItem } from '@belfry/client/belfry.ts'
import { attempt } from '#shell/notice.tsx'
import { IconButton } from '#theme/button.tsx'
import { Face } from '#theme/face.tsx'
import { DayDivider } from './day-divider.tsx'
import { MessageEdit } from './message-edit.tsx'
import { MessageState } from './message-state.tsx'
import { MessageText } from './message-text.tsx'
import { isOpenToChange, type TimelineRow } from './timeline.ts'
import { clock, fullDate } from '#theme/times.ts'

/** What can be done with a message; the same functions as long as the room is open. */
export interface RoomDeeds {
  room: RoomHandle
  onEdit: (id: string | null) => void
  onDelete: (id: string) => void
  /** Gives a refused one up. */
  onDiscard: (item: TimelineItem) => void
}

export interface MessageDeeds extends RoomDeeds {
  onFocus: (id: string) => void
}

interface MessageRowProps {
  row: Extract<TimelineRow, { is: 'message' }>
  author: string
  /** The author's. */
  picture: string | null
  isMine: boolean
  /** The one message that Tab reaches; arrows move on from it. */
  isCurrent: boolean
  isEditing: boolean
  deeds: MessageDeeds
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, author, picture, isCurrent, deeds } = props
  const { item, isFirst } = row
  return (
    <>
      <article
        data-message={item.id}
        tabIndex={isCurrent ? 0 : -1}
        aria-labelledby={['author', 'time', 'text', 'edited', 'state'].map((part) => `${item.id}-${part}`).join(' ')}
        onFocus={() => deeds.onFocus(item.id)}
        className={`group relative grid grid-cols-[2.5rem_minmax(0,1fr)] gap-x-3 px-4 py-[3px] hover:bg-hover/60 focus-visible:-outline-offset-2 desk:px-6 ${isFirst ? 'pt-3' : ''}`}
      >
        {isFirst ? <Face id={item.authorId} name={author} picture={picture} /> : <SideTime item={item} author={author} />}
        <div className="min-w-0">
          {isFirst && <Byline item={item} author={author} />}
          <Body {...props} />
        </div>
        {props.isMine && !props.isEditing && <Toolbar {...props} />}
      </article>
      {row.dayBelow !== null && <DayDivider at={row.dayBelow} />}
    </>
  )
})

interface Written {
  item: TimelineItem
  author: string
}

function Byline({ item, author }: Written) {
  return (
    <p className="flex items-baseline gap-2 leading-tight">
      <b id={`${item.id}-author`} className="truncate font-bold">
        {author}
      </b>
      <Time item={item} className="text-meta text-ink-3" />
    </p>
  )
}

/** Within a group the author stands above, for the eye; each message names its own to a screen reader. */
function SideTime({ item, author }: Written) {
  return (
    <span className="pt-[5px] text-right">
      <span id={`${item.id}-author`} className="sr-only">
        {author}
      </span>
      <Time
        item={item}
        className="block text-tiny text-ink-3 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 group-focus:opacity-100"
      />
    </span>
  )
}

function Time({ item, className }: { item: TimelineItem; className: string }) {
  return (
    <time
      id={`${item.id}-time`}
      dateTime={new Date(item.createdAt).toISOString()}
      title={fullDate(item.createdAt)}
      className={`flex-none whitespace-nowrap tabular-nums ${className}`}
    >
      {clock(item.createdAt)}
    </time>
  )
}

function Body({ row: { item }, isCurrent, isEditing, deeds }: MessageRowProps) {
  if (isEditing) {
    return (
      <MessageEdit
        item={item}
        onEnd={() => deeds.onEdit(null)}
        onSave={(body) => body === item.body || attempt(() => deeds.room.edit(item.id, body))}
      />
    )
  }
  return (
    <p className={`max-w-[78ch] whitespace-pre-wrap [overflow-wrap:anywhere] ${item.state === 'sent' ? '' : 'text-ink-2'}`}>
      <span id={`${item.id}-text`}>
        <MessageText text={item.body} tabIndex={isCurrent ? 0 : -1} />
      </span>
      {item.editedAt !== null && (
        <span id={`${item.id}-edited`} title={fullDate(item.editedAt)} className="ml-1.5 text-meta text-ink-3">
          (edited)
        </span>
      )}
      <MessageState item={item} deeds={deeds} />
    </p>
  )
}

function Toolbar({ row: { item }, isCurrent, deeds }: MessageRowProps) {
  if (!isOpenToChange(item)) return null
  const tabIndex = isCurrent ? 0 : -1
  return (
    <div className="pointer-events-none absolute -top-3 right-4 z-10 flex rounded-medium border border-line bg-raised p-0.5 opacity-0 shadow-float group-focus-within:pointer-events-auto group-focus-within:opacity-100 group-focus:pointer-events-auto group-focus:opacity-100 fine:group-hover:pointer-events-auto fine:group-hover:opacity-100 desk:right-6">
      <IconButton icon="pen" label="Edit message" tabIndex={tabIndex} onClick={() => deeds.onEdit(item.id)} size="small" />
      <IconButton icon="trash" label="Delete message" tabIndex={tabIndex} onClick={() => deeds.onDelete(item.id)} size="small" />
    </div>
  )
}
