import type { Notification } from '@belfry/protocol/rows.ts'
import { useAccount } from '#account/use-account.ts'
import { IconButton } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { age } from './age.ts'
import { linkTarget } from './link-target.ts'

const IMPORTANCE = { low: null, normal: null, high: 'Important', urgent: 'Urgent' } as const

interface NotificationItemProps {
  item: Notification
  now: number
  onOpen: (item: Notification) => void
}

export function NotificationItem({ item, now, onOpen }: NotificationItemProps) {
  const isUnread = item.readAt === null && item.archivedAt === null
  return (
    <li className="group relative grid grid-cols-[2.25rem_minmax(0,1fr)_0.625rem] gap-x-3 border-b border-line px-4 py-3 last:border-b-0 hover:bg-hover/60">
      <span className={`grid size-9 place-items-center rounded-medium ${isUnread ? 'bg-bell-wash text-bell' : 'bg-hover text-ink-3'}`}>
        <Icon name="bell" className="size-4.5" />
      </span>
      <div className="min-w-0">
        <Words item={item} isUnread={isUnread} onOpen={onOpen} />
        <div className="mt-1 flex items-center gap-2">
          <Source item={item} now={now} />
          <Deeds item={item} isUnread={isUnread} />
        </div>
      </div>
      {isUnread && (
        <span className="mt-1.5 size-2.5 rounded-full bg-bell">
          <span className="sr-only">Unread</span>
        </span>
      )}
    </li>
  )
}

/** The title is the button; it reaches over the whole item. */
function Words({ item, isUnread, onOpen }: Omit<NotificationItemProps, 'now'> & { isUnread: boolean }) {
  const target = linkTarget(item.url, location.origin)
  const weight = isUnread ? 'font-bold text-ink' : 'font-medium text-ink-2'
  return (
    <>
      <p className="leading-snug">
        <button
          type="button"
          onClick={() => onOpen(item)}
          className={`text-left break-words [overflow-wrap:anywhere] before:absolute before:inset-0 focus-visible:outline-none focus-visible:before:outline-2 focus-visible:before:-outline-offset-2 focus-visible:before:outline-accent ${weight}`}
        >
          {item.title}
          {target?.is === 'elsewhere' && (
            <>
              <Icon name="open" className="ml-1 inline size-3.5 align-[-2px] text-ink-3" />
              <span className="sr-only"> (opens in a new tab)</span>
            </>
          )}
        </button>
      </p>
      {item.body && <p className="mt-0.5 line-clamp-2 text-small break-words text-ink-2 [overflow-wrap:anywhere]">{item.body}</p>}
    </>
  )
}

/** Where it comes from, how long ago, and how much it matters. */
function Source({ item, now }: { item: Notification; now: number }) {
  const importance = IMPORTANCE[item.priority]
  return (
    <p className="flex min-w-0 flex-1 gap-1.5 text-meta text-ink-3">
      {item.category && <span className="truncate">{item.category}</span>}
      {item.category && <span aria-hidden="true">·</span>}
      <time dateTime={new Date(item.createdAt).toISOString()} title={fullDate(item.createdAt)} className="flex-none">
        {age(item.createdAt, now)}
      </time>
      {importance && <span aria-hidden="true">·</span>}
      {importance && <span className="flex-none font-medium text-bell">{importance}</span>}
    </p>
  )
}

/** Over the corner where a mouse is; always there where it is a finger. */
function Deeds({ item, isUnread }: { item: Notification; isUnread: boolean }) {
  const { inbox } = useAccount().belfry
  const isArchived = item.archivedAt !== null
  return (
    <div className="relative -my-1.5 -mr-6 flex flex-none fine:pointer-events-none fine:absolute fine:top-2 fine:right-2 fine:m-0 fine:rounded-medium fine:border fine:border-line fine:bg-raised fine:p-0.5 fine:opacity-0 fine:shadow-float fine:group-focus-within:pointer-events-auto fine:group-focus-within:opacity-100 fine:group-hover:pointer-events-auto fine:group-hover:opacity-100">
      {!isArchived && (
        <IconButton
          icon={isUnread ? 'check' : 'unread'}
          label={isUnread ? 'Mark as read' : 'Mark as unread'}
          onClick={() => inbox.mark(item.id, { read: isUnread })}
          size="small"
        />
      )}
      <IconButton
        icon={isArchived ? 'restore' : 'archive'}
        label={isArchived ? 'Move back to inbox' : 'Archive'}
        onClick={() => inbox.mark(item.id, { archived: !isArchived })}
        size="small"
      />
      <IconButton icon="trash" label="Delete" onClick={() => inbox.remove(item.id)} size="small" />
    </div>
  )
}

function fullDate(at: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' }).format(at)
}
