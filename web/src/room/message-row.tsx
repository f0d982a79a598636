import { memo, useState } from 'react'
import type { RoomHandle, TimelineItem } from '@belfry/client/belfry.ts'
import { roomPath } from '#account/paths.ts'
import { PresentFace } from '#account/present-face.tsx'
import { attempt } from '#shell/notice.tsx'
import { Face } from '#theme/face.tsx'
import type { Message } from '@belfry/protocol/rows.ts'
import { TextButton } from '#theme/button.tsx'
import { DayDivider } from './day-divider.tsx'
import { MessageEdit } from './message-edit.tsx'
import { MessageState } from './message-state.tsx'
import { BLOCKED_TEXT } from './message-body.ts'
import { MessageText } from './message-text.tsx'
import { MessageTime } from './message-time.tsx'
import { MessageToolbar } from './message-toolbar.tsx'
import { NewLine } from './new-line.tsx'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'
import type { TimelineRow } from './timeline.ts'
import type { Author } from './use-authors.ts'
import { fullDate } from '#theme/times.ts'

/** What can be done with a message; the same functions as long as the room is open. */
export interface RoomDeeds {
  room: RoomHandle
  onEdit: (id: string | null) => void
  onDelete: (id: string) => void
  onAnswer: (id: string) => void
  /** Adds an emoji of one's own, or takes it back. */
  onReact: (id: string, to: { emoji: string; isOn: boolean }) => void
  /** Shows what it said before. */
  onVersions: (id: string) => void
  /** Whether one may change and delete one's own messages, answer and react, and delete those of others. */
  may: { edits: boolean; answers: boolean; deletes: boolean; moderates: boolean; reacts: boolean }
  /** Makes it, and what follows, unread again. */
  onUnread: (n: number) => void
  /** Gives a refused one up. */
  onDiscard: (item: TimelineItem) => void
}

export interface MessageDeeds extends RoomDeeds {
  onFocus: (id: string) => void
}

/** What a message answers: undefined while it is not known, null where it is not there. */
export interface Quoted {
  message: Message | null | undefined
  author: string
  /** One wants no messages of its author. */
  isBlocked: boolean
}

interface MessageRowProps {
  row: Extract<TimelineRow, { is: 'message' }>
  author: Author
  /** What it answers, and who wrote that. */
  quoted: Quoted | null
  /** One wants no messages of its author. */
  isBlocked: boolean
  isMine: boolean
  /** It names its reader, or everybody. */
  isForOneself: boolean
  /** The one message that Tab reaches; arrows move on from it. */
  isCurrent: boolean
  isEditing: boolean
  /** To be seen at a glance: one has just come to it. */
  isLit: boolean
  deeds: MessageDeeds
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, isCurrent, isForOneself, deeds } = props
  const { item, isFirst } = row
  return (
    <>
      <article
        data-message={item.id}
        data-n={item.n}
        tabIndex={isCurrent ? 0 : -1}
        aria-labelledby={['author', 'time', 'text', 'edited', 'state', 'reactions'].map((part) => `${item.id}-${part}`).join(' ')}
        onFocus={() => deeds.onFocus(item.id)}
        className={`group relative grid grid-cols-[2.5rem_minmax(0,1fr)] gap-x-3 px-4 py-[3px] transition-colors duration-500 focus-visible:-outline-offset-2 desk:px-6 ${props.isLit || isForOneself ? 'bg-bell-wash' : 'hover:bg-hover/60'} ${isForOneself ? 'shadow-[inset_3px_0_var(--color-bell)]' : ''} ${isFirst ? 'pt-3' : ''}`}
      >
        {isFirst ? <AuthorFace {...props} /> : <SideTime {...props} />}
        <div className="min-w-0">
          {isFirst && <Byline {...props} />}
          <Body {...props} />
          <Reactions item={item} tabIndex={isCurrent ? 0 : -1} deeds={deeds} />
        </div>
        {!props.isEditing && <MessageToolbar item={item} isMine={props.isMine} tabIndex={isCurrent ? 0 : -1} deeds={deeds} />}
      </article>
      {row.dayBelow !== null && <DayDivider at={row.dayBelow} />}
      {row.newBelow && <NewLine />}
    </>
  )
})

/** People of elsewhere are never there. */
function AuthorFace({ row: { item }, author: { name, picture, importedFrom } }: MessageRowProps) {
  const face = { id: item.authorId, name, picture }
  return importedFrom === null ? <PresentFace {...face} /> : <Face {...face} />
}

function Byline({ row: { item }, author, isCurrent, deeds }: MessageRowProps) {
  return (
    <p className="flex items-baseline gap-2 leading-tight">
      <b id={`${item.id}-author`} className="truncate font-bold">
        {author.name}
      </b>
      {author.importedFrom !== null && (
        <span className="rounded-small border border-line px-1 text-tiny text-ink-3" title={`From an import: ${author.importedFrom}`}>
          {author.importedFrom.toUpperCase()}
        </span>
      )}
      <MessageTime item={item} roomId={deeds.room.id} tabIndex={isCurrent ? 0 : -1} className="text-meta text-ink-3" />
    </p>
  )
}

/** Within a group the author stands above, for the eye; each message names its own to a screen reader. */
function SideTime({ row: { item }, author, isCurrent, deeds }: MessageRowProps) {
  return (
    <span className="pt-[5px] text-right">
      <span id={`${item.id}-author`} className="sr-only">
        {author.name}
      </span>
      <MessageTime
        item={item}
        roomId={deeds.room.id}
        tabIndex={isCurrent ? 0 : -1}
        className="block text-tiny text-ink-3 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 group-focus:opacity-100"
      />
    </span>
  )
}

function Body(props: MessageRowProps) {
  const { item } = props.row
  const { isCurrent, isEditing, deeds, quoted } = props
  const [isShown, setShown] = useState(false)
  if (props.isBlocked && !isShown)
    return (
      <p className="text-ink-3">
        <span id={`${item.id}-text`}>{BLOCKED_TEXT}</span>{' '}
        <TextButton tabIndex={isCurrent ? 0 : -1} className="text-small" onClick={() => setShown(true)}>
          Show it
        </TextButton>
      </p>
    )
  if (isEditing) {
    return (
      <MessageEdit
        room={deeds.room}
        item={item}
        onEnd={() => deeds.onEdit(null)}
        onSave={(body) => body === item.body || attempt(() => deeds.room.edit(item.id, body))}
      />
    )
  }
  const from = item.n !== null ? roomPath(deeds.room.id, item.id) : null
  return (
    <>
      {item.replyTo !== null && quoted && (
        <Quote roomId={deeds.room.id} messageId={item.replyTo} from={from} {...quoted} tabIndex={isCurrent ? 0 : -1} />
      )}
      <p className={`max-w-[78ch] whitespace-pre-wrap [overflow-wrap:anywhere] ${item.state === 'sent' ? '' : 'text-ink-2'}`}>
        <span id={`${item.id}-text`}>
          <MessageText text={item.body} names={item.names} from={from} tabIndex={isCurrent ? 0 : -1} />
        </span>
        {item.editedAt !== null && (
          <button
            id={`${item.id}-edited`}
            type="button"
            title={fullDate(item.editedAt)}
            tabIndex={isCurrent ? 0 : -1}
            aria-haspopup="dialog"
            onClick={() => deeds.onVersions(item.id)}
            className="relative ml-1.5 text-meta text-ink-3 hover:underline coarse:before:absolute coarse:before:-inset-x-2 coarse:before:-inset-y-3.5"
          >
            (edited)
          </button>
        )}
        <MessageState item={item} deeds={deeds} />
      </p>
    </>
  )
}
