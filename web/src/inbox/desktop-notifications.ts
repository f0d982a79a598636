import { useEffect, useEffectEvent } from 'react'
import type { Inbox } from '@belfry/client/belfry.ts'
import type { Notification as Row } from '@belfry/protocol/rows.ts'
import { useAccount } from '#account/use-account.ts'
import { linkTarget } from './link-target.ts'
import { shownBySystem } from './ringing.ts'
import { useOpen } from './use-open.ts'
import { VisibleTabs } from './visible-tabs.ts'

const SUMMARY = 'summary'

/** While no tab is in sight, what rings is shown by the system; it goes when it is read anywhere, and with the account. */
export function useDesktopNotifications(): void {
  const { inbox } = useAccount().belfry
  const open = useOpen()
  // One that leads nowhere stands in the page, to be read there: its toast waits while the page is hidden.
  const onClick = useEffectEvent((row: Row) => void (linkTarget(row.url, location.origin) && open(row)))

  useEffect(() => {
    const system = new SystemNotifications(inbox, (row) => onClick(row))
    const close = () => system.close()
    // A page that is gone could no longer take them away.
    const closeAll = () => system.closeAll()
    addEventListener('pagehide', closeAll)
    return () => {
      removeEventListener('pagehide', closeAll)
      close()
    }
  }, [inbox])
}

class SystemNotifications {
  readonly #inbox: Inbox
  readonly #onClick: (row: Row) => void
  readonly #tabs = new VisibleTabs()
  readonly #shown = new Map<string, Notification>()
  readonly #ends: (() => void)[]

  constructor(inbox: Inbox, onClick: (row: Row) => void) {
    this.#inbox = inbox
    this.#onClick = onClick
    this.#ends = [inbox.onRing((rows) => void this.#ring(rows)), inbox.list('unread').subscribe(() => this.#closeRead())]
  }

  close(): void {
    for (const end of this.#ends) end()
    this.#tabs.close()
    this.closeAll()
  }

  closeAll(): void {
    for (const id of this.#shown.keys()) this.#closeOne(id)
  }

  async #ring(arrived: readonly Row[]): Promise<void> {
    if (!isAllowed() || (await this.#tabs.isOneVisible())) return
    const unread = this.#unreadIds()
    const shown = shownBySystem(arrived.filter((row) => unread.has(row.id)))
    if (shown.is === 'summary') this.#show(SUMMARY, shown.title, {})
    else for (const row of shown.rows) this.#show(row.id, row.title, { body: row.body ?? '', onClick: () => this.#onClick(row) })
  }

  /** Tabs that are all hidden show it each; the tag makes them one. */
  #show(id: string, title: string, { body = '', onClick }: { body?: string; onClick?: () => void }): void {
    try {
      const notification = new Notification(title, { body, tag: id, icon: '/icon-192.png' })
      notification.onclick = () => {
        window.focus()
        this.#closeOne(id)
        onClick?.()
      }
      this.#shown.set(id, notification)
    } catch {
      // Phones show them from a service worker only; the bell counts all the same.
    }
  }

  #closeRead(): void {
    const unread = this.#unreadIds()
    for (const id of this.#shown.keys()) if (id === SUMMARY ? unread.size === 0 : !unread.has(id)) this.#closeOne(id)
  }

  #closeOne(id: string): void {
    this.#shown.get(id)?.close()
    this.#shown.delete(id)
  }

  #unreadIds(): Set<string> {
    return new Set(
      this.#inbox
        .list('unread')
        .get()
        .items.map((row) => row.id),
    )
  }
}

function isAllowed(): boolean {
  return 'Notification' in window && Notification.permission === 'granted'
}
