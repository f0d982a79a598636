import { useState } from 'react'
import type { InboxFilter } from '@belfry/client/belfry.ts'
import type { Notification } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { withOpened } from './opened.ts'

/** Which items of a list were opened in place; forgotten when one leaves the list. */
export function useOpened(filter: InboxFilter) {
  const { inbox } = useAccount().belfry
  const list = useObservable(inbox.list(filter))
  const all = useObservable(inbox.list('all'))
  const [opened, setOpened] = useState<readonly Notification[]>([])
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())

  function toggle(item: Notification): void {
    setOpened((now) => (now.some(({ id }) => id === item.id) ? now : [...now, item]))
    setOpen((now) => (now.has(item.id) ? new Set([...now].filter((id) => id !== item.id)) : new Set([...now, item.id])))
  }

  return {
    ...list,
    items: filter === 'unread' ? withOpened(list.items, opened, all) : list.items,
    isOpen: (item: Notification) => open.has(item.id),
    toggle,
  }
}
