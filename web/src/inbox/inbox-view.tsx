import { Tabs } from '@base-ui/react/tabs'
import { type ReactNode, useEffect } from 'react'
import type { InboxFilter } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { countWords } from '#shell/count-words.ts'
import { DesktopOffer } from './desktop-offer.tsx'
import { NotificationList } from './notification-list.tsx'
import { useInboxIsOpen } from './open-inbox.ts'

const TABS: readonly { filter: InboxFilter; label: string }[] = [
  { filter: 'unread', label: 'Unread' },
  { filter: 'all', label: 'All' },
  { filter: 'archived', label: 'Archived' },
]

interface InboxViewProps {
  /** Something was opened: a panel closes. */
  onOpened?: () => void
  /** Lies over the list's upper edge: the bar about the connection. */
  trouble?: ReactNode
}

/** The three lists, in the panel and on the page alike. */
export function InboxView({ onOpened, trouble }: InboxViewProps) {
  const { unread } = useSeenWhileOpen()
  useInboxIsOpen()

  return (
    <Tabs.Root defaultValue="unread" className="flex min-h-0 flex-1 flex-col">
      <Tabs.List className="flex flex-none gap-5 border-b border-line px-4" aria-label="Notifications">
        {TABS.map(({ filter, label }) => (
          <Tabs.Tab
            key={filter}
            value={filter}
            className="-mb-px h-10 border-b-2 border-transparent text-ink-3 hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink coarse:h-11"
          >
            {filter === 'unread' && unread > 0 ? `${label} ${countWords(unread)}` : label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {trouble}
      {TABS.map(({ filter }) => (
        <Tabs.Panel key={filter} value={filter} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto overscroll-contain outline-none">
          <NotificationList filter={filter} onOpened={onOpened} />
        </Tabs.Panel>
      ))}
      <DesktopOffer />
    </Tabs.Root>
  )
}

/** What stands before the reader's eyes is seen; what arrives while it does, too. */
function useSeenWhileOpen() {
  const { inbox } = useAccount().belfry
  const { counts } = useObservable(inbox.view)
  useEffect(() => {
    function see(): void {
      if (counts.unseen > 0 && !document.hidden) inbox.markAllSeen()
    }
    see()
    document.addEventListener('visibilitychange', see)
    return () => document.removeEventListener('visibilitychange', see)
  }, [counts.unseen, inbox])
  return counts
}
