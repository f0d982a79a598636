import { Tabs } from '@base-ui/react/tabs'
import { useEffect } from 'react'
import type { Notification } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { countWords } from '#shell/count-words.ts'
import { DesktopOffer } from './desktop-offer.tsx'
import { type Filter, NotificationList } from './notification-list.tsx'
import { useOpen } from './use-open.ts'

const TABS: readonly { filter: Filter; label: string }[] = [
  { filter: 'unread', label: 'Unread' },
  { filter: 'all', label: 'All' },
  { filter: 'archived', label: 'Archived' },
]

interface InboxViewProps {
  /** Something was opened: a panel closes. */
  onOpened?: () => void
}

/** The three lists, in the panel and on the page alike. */
export function InboxView({ onOpened }: InboxViewProps) {
  const { unread } = useSeenWhileOpen()
  const openItem = useOpen()
  function onOpen(item: Notification): void {
    openItem(item)
    if (item.url) onOpened?.()
  }

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
      {TABS.map(({ filter }) => (
        <Tabs.Panel key={filter} value={filter} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto overscroll-contain outline-none">
          <NotificationList filter={filter} onOpen={onOpen} />
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
