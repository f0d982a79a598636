import type { Notification } from '@belfry/protocol/rows.ts'
import { TextButton } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { fullDate } from '#theme/times.ts'
import { age } from './age.ts'
import { isLong } from './long-text.ts'
import { linkTarget } from './link-target.ts'
import { NotificationDeeds } from './notification-deeds.tsx'

const IMPORTANCE = { low: null, normal: null, high: 'Important', urgent: 'Urgent' } as const

interface NotificationItemProps {
  item: Notification
  now: number
  /** Its body is shown whole. */
  isOpen: boolean
  onOpen: (item: Notification) => void
  onToggle: (item: Notification) => void
}

export function NotificationItem({ item, now, ...opening }: NotificationItemProps) {
  const isUnread = item.readAt === null && item.archivedAt === null
  return (
    <li className="group relative grid grid-cols-[2.25rem_minmax(0,1fr)_0.625rem] gap-x-3 border-b border-line px-4 py-3 last:border-b-0 hover:bg-hover/60">
      <span className={`grid size-9 place-items-center rounded-medium ${isUnread ? 'bg-bell-wash text-bell' : 'bg-hover text-ink-3'}`}>
        <Icon name="bell" className="size-4.5" />
      </span>
      <div className="min-w-0">
        <Words item={item} isUnread={isUnread} {...opening} />
        <div className="mt-1 flex items-center gap-2">
          <Source item={item} now={now} />
          <NotificationDeeds item={item} isUnread={isUnread} />
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

/** The title is the button; it reaches over the whole item, but not over what was opened to be read. */
function Words({ item, isUnread, isOpen, onOpen, onToggle }: Omit<NotificationItemProps, 'now'> & { isUnread: boolean }) {
  const target = linkTarget(item.url, location.origin)
  const weight = isUnread ? 'font-bold text-ink' : 'font-medium text-ink-2'
  return (
    <>
      <p className="leading-snug">
        <button
          type="button"
          data-title
          aria-expanded={target || !item.body ? undefined : isOpen}
          onClick={() => onOpen(item)}
          className={`text-left [overflow-wrap:anywhere] before:absolute before:inset-0 focus-visible:outline-none focus-visible:before:outline-2 focus-visible:before:-outline-offset-2 focus-visible:before:outline-accent ${weight}`}
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
      {item.body && (
        <p
          className={`mt-0.5 text-small text-ink-2 [overflow-wrap:anywhere] ${isOpen ? 'relative w-fit whitespace-pre-wrap select-text' : 'line-clamp-2'}`}
        >
          {item.body}
        </p>
      )}
      {target && isLong(item.body) && (
        <TextButton aria-expanded={isOpen} onClick={() => onToggle(item)} className="text-meta text-ink-3">
          {isOpen ? 'Show less' : 'Show all'}
        </TextButton>
      )}
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
