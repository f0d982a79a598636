import { memo } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import { IconButton } from '#theme/button.tsx'
import { Face } from '#theme/face.tsx'
import { DayDivider } from './day-divider.tsx'
import { MessageEdit } from './message-edit.tsx'
import { MessageState } from './message-state.tsx'
import { MessageText } from './message-text.tsx'
import type { TimelineRow } from './timeline.ts'
import { clock, fullDate } from './times.ts'

/** What can be done with a message; the same functions as long as the room is open. */
export interface MessageDeeds {
  room: RoomHandle
  onFocus: (id: string) => void
  onEdit: (id: string | null) => void
  onDelete: (id: string) => void
}

interface MessageRowProps {
  row: Extract<TimelineRow, { is: 'message' }>
  author: string
  isMine: boolean
  /** The one message that Tab reaches; arrows move on from it. */
  isCurrent: boolean
  isEditing: boolean
  deeds: MessageDeeds
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, author, isCurrent, deeds } = props
  const { item, isFirst } = row
  return (
    <>
      <article
        data-message={item.id}
        tabIndex={isCurrent ? 0 : -1}
        aria-label={`${author}, ${fullDate(item.createdAt)}`}
        onFocus={() => deeds.onFocus(item.id)}
        className={`group relative grid grid-cols-[2.5rem_minmax(0,1fr)] gap-x-3 px-4 py-[3px] hover:bg-hover/60 focus-visible:-outline-offset-2 desk:px-6 ${isFirst ? 'pt-3' : ''}`}
      >
        {isFirst ? <Face id={item.authorId} name={author} /> : <SideTime at={item.createdAt} />}
        <div className="min-w-0">
          {isFirst && <Byline author={author} at={item.createdAt} />}
          <Body {...props} />
        </div>
        {props.isMine && !props.isEditing && <Toolbar {...props} />}
      </article>
      {row.dayBelow !== null && <DayDivider at={row.dayBelow} />}
    </>
  )
})

function Byline({ author, at }: { author: string; at: number }) {
  return (
    <p className="flex items-baseline gap-2 leading-tight">
      <b className="truncate font-bold">{author}</b>
      <Time at={at} className="text-meta text-ink-3" />
    </p>
  )
}

function SideTime({ at }: { at: number }) {
  return (
    <Time
      at={at}
      className="pt-[5px] text-right text-tiny text-ink-3 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 group-focus:opacity-100"
    />
  )
}

function Time({ at, className }: { at: number; className: string }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={fullDate(at)} className={`flex-none whitespace-nowrap tabular-nums ${className}`}>
      {clock(at)}
    </time>
  )
}

function Body({ row: { item }, isCurrent, isEditing, deeds }: MessageRowProps) {
  if (isEditing) {
    return (
      <MessageEdit
        body={item.body}
        onCancel={() => deeds.onEdit(null)}
        onSave={(body) => {
          if (body !== item.body) deeds.room.edit(item.id, body)
          deeds.onEdit(null)
        }}
      />
    )
  }
  return (
    <p className={`max-w-[78ch] break-words whitespace-pre-wrap [overflow-wrap:anywhere] ${item.state === 'sent' ? '' : 'text-ink-2'}`}>
      <MessageText text={item.body} tabIndex={isCurrent ? 0 : -1} />
      {item.editedAt !== null && (
        <span title={fullDate(item.editedAt)} className="ml-1.5 text-meta text-ink-3">
          (edited)
        </span>
      )}
      <MessageState item={item} room={deeds.room} />
    </p>
  )
}

function Toolbar({ row: { item }, isCurrent, deeds }: MessageRowProps) {
  if (item.state !== 'sent') return null
  const tabIndex = isCurrent ? 0 : -1
  return (
    <div className="pointer-events-none absolute -top-3 right-4 z-10 flex rounded-medium border border-line bg-raised p-0.5 opacity-0 shadow-float group-focus-within:pointer-events-auto group-focus-within:opacity-100 group-focus:pointer-events-auto group-focus:opacity-100 fine:group-hover:pointer-events-auto fine:group-hover:opacity-100 desk:right-6">
      <IconButton icon="pen" label="Edit message" tabIndex={tabIndex} onClick={() => deeds.onEdit(item.id)} size="small" />
      <IconButton icon="trash" label="Delete message" tabIndex={tabIndex} onClick={() => deeds.onDelete(item.id)} size="small" />
    </div>
  )
}
