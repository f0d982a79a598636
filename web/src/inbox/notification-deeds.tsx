import type { MouseEvent } from 'react'
import { flushSync } from 'react-dom'
import type { Notification } from '@belfry/protocol/rows.ts'
import { useAccount } from '#account/use-account.ts'
import { attempt } from '#shell/notice.tsx'
import { marked } from '#shell/marked.ts'
import { IconButton } from '#theme/button.tsx'
import { focusTab } from './focus-tab.ts'

/** Over the corner where a mouse is; always there where it is a finger. */
export function NotificationDeeds({ item, isUnread }: { item: Notification; isUnread: boolean }) {
  const { inbox } = useAccount().belfry
  const isArchived = item.archivedAt !== null

  function mark(): void {
    inbox.mark(item.id, { read: isUnread })
    if (item.url) marked.tell(item.url, !isUnread)
  }

  return (
    <div className="relative -my-1.5 -mr-6 flex flex-none fine:pointer-events-none fine:absolute fine:top-2 fine:right-2 fine:m-0 fine:rounded-medium fine:border fine:border-line fine:bg-raised fine:p-0.5 fine:opacity-0 fine:shadow-float fine:group-focus-within:pointer-events-auto fine:group-focus-within:opacity-100 fine:group-hover:pointer-events-auto fine:group-hover:opacity-100">
      {!isArchived && (
        <IconButton
          icon={isUnread ? 'check' : 'unread'}
          label={isUnread ? 'Mark as read' : 'Mark as unread'}
          onClick={(event) => act(event, mark)}
          size="small"
        />
      )}
      <IconButton
        icon={isArchived ? 'restore' : 'archive'}
        label={isArchived ? 'Move back to inbox' : 'Archive'}
        onClick={(event) => act(event, () => inbox.mark(item.id, { archived: !isArchived }))}
        size="small"
      />
      <IconButton icon="trash" label="Delete" onClick={(event) => act(event, () => inbox.remove(item.id))} size="small" />
    </div>
  )
}

/** When the item leaves the list, and the button with it, the focus goes to the next one, or to the list's tab. */
function act(event: MouseEvent<HTMLElement>, change: () => void): void {
  const item = event.currentTarget.closest('li')
  const beside = item?.nextElementSibling ?? item?.previousElementSibling
  flushSync(() => attempt(change))
  if (item?.isConnected) return
  const next = beside?.querySelector<HTMLElement>('[data-title]')
  if (next) next.focus()
  else focusTab()
}
