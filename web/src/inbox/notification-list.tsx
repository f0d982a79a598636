import { useEffect, useEffectEvent, useState } from 'react'
import type { InboxFilter } from '@belfry/client/belfry.ts'
import type { Notification } from '@belfry/protocol/rows.ts'
import { useAccount } from '#account/use-account.ts'
import { useBackOnline } from '#account/use-back-online.ts'
import { settled } from '#account/use-call.ts'
import { useTrouble } from '#shell/connection-watch.tsx'
import { Button } from '#theme/button.tsx'
import { FailedLine } from '#theme/failed-line.tsx'
import { Icon } from '#theme/icons.tsx'
import { useNow } from '#theme/use-now.ts'
import { NotificationItem } from './notification-item.tsx'
import { useOpen } from './use-open.ts'
import { useOpened } from './use-opened.ts'

const EMPTY = {
  unread: { title: 'All read', text: 'When something needs you, it is here until you read it.' },
  all: { title: 'Nothing here yet', text: 'What your tools and services tell you, and nobody else, appears here.' },
  archived: { title: 'Nothing archived', text: 'Archive what is done: it leaves the inbox and stays here.' },
} as const

interface NotificationListProps {
  filter: InboxFilter
  /** It led somewhere else. */
  onOpened: (() => void) | undefined
}

export function NotificationList({ filter, onOpened }: NotificationListProps) {
  const { items, more, loaded, isOpen, toggle } = useOpened(filter)
  const loading = useLoadMore(filter, loaded)
  const now = useNow(30_000)
  const goTo = useOpen()
  const isTrouble = useTrouble() !== null
  function onOpen(item: Notification): void {
    if (goTo(item)) onOpened?.()
    else toggle(item)
  }

  if (loading.hasFailed && items.length === 0) return <LoadFailed onTryAgain={loading.load} />
  if (!loaded) return isTrouble ? <NotHere /> : <ListSkeleton />
  if (items.length === 0 && !more) return <EmptyList filter={filter} />
  return (
    <>
      <ul>
        {items.map((item) => (
          <NotificationItem key={item.id} item={item} now={now} isOpen={isOpen(item)} onOpen={onOpen} onToggle={toggle} />
        ))}
      </ul>
      {more && <MoreLine loading={loading} />}
    </>
  )
}

function useLoadMore(filter: InboxFilter, isLoaded: boolean) {
  const { inbox, connection } = useAccount().belfry
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle')

  function load(): void {
    setState('loading')
    settled(connection)
      .then(() => inbox.loadMore(filter))
      .then(
        () => setState('idle'),
        () => setState('failed'),
      )
  }

  useBackOnline(() => state === 'failed' && load())
  const loadFirst = useEffectEvent(load)
  // Only the archive comes on demand; the others arrive with the connection.
  useEffect(() => {
    if (filter === 'archived' && !isLoaded) loadFirst()
  }, [filter, isLoaded])

  return { load, isLoading: state === 'loading', hasFailed: state === 'failed' }
}

function EmptyList({ filter }: { filter: InboxFilter }) {
  const { title, text } = EMPTY[filter]
  return (
    <div className="grid place-items-center px-8 py-14 text-center">
      <span className="mb-3 grid size-12 place-items-center rounded-large bg-hover text-ink-3">
        <Icon name={filter === 'archived' ? 'archive' : filter === 'unread' ? 'check' : 'bell'} className="size-6" />
      </span>
      <p className="font-bold">{title}</p>
      <p className="mt-1 max-w-[34ch] text-small text-ink-2">{text}</p>
    </div>
  )
}

function MoreLine({ loading }: { loading: ReturnType<typeof useLoadMore> }) {
  return (
    <div className="grid place-items-center border-t border-line p-3">
      {loading.hasFailed ? (
        <p role="alert" className="text-small text-ink-2">
          <FailedLine onTryAgain={loading.load}>The rest could not be loaded.</FailedLine>
        </p>
      ) : (
        <Button onClick={loading.load} disabled={loading.isLoading}>
          {loading.isLoading ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </div>
  )
}

function LoadFailed({ onTryAgain }: { onTryAgain: () => void }) {
  return (
    <p role="alert" className="px-8 py-14 text-center text-ink-2">
      <FailedLine onTryAgain={onTryAgain}>This list could not be loaded.</FailedLine>
    </p>
  )
}

/** Neither this page nor an earlier one has had it. */
function NotHere() {
  return <p className="px-8 py-14 text-center text-ink-2">This list comes as soon as the connection is back.</p>
}

function ListSkeleton() {
  return (
    <div className="animate-later" aria-busy="true">
      <p className="sr-only">Loading notifications</p>
      {[0, 1, 2].map((at) => (
        <div key={at} className="flex animate-breathe gap-3 px-4 py-3">
          <span className="size-9 flex-none rounded-medium bg-line/70" />
          <span className="flex-1 pt-1">
            <span className="block h-3 w-1/2 rounded-small bg-line/70" />
            <span className="mt-2.5 block h-3 w-3/4 rounded-small bg-line/70" />
          </span>
        </div>
      ))}
    </div>
  )
}
