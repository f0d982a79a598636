import { useEffect, useEffectEvent } from 'react'
import type { Notification as Row } from '@belfry/protocol/rows.ts'
import { useAccount } from '#account/use-account.ts'
import { useOpen } from './use-open.ts'

/** While the page is hidden, what rings is shown by the system; it goes when it is read anywhere, and with the account. */
export function useDesktopNotifications(): void {
  const { inbox } = useAccount().belfry
  const onClick = useEffectEvent(useOpen())

  useEffect(() => {
    const shown = new Map<string, Notification>()
    const unread = inbox.list('unread')

    function ring(rows: readonly Row[]): void {
      if (!document.hidden || !isAllowed()) return
      for (const row of rows) show(shown, row, onClick)
    }
    function closeRead(): void {
      const standing = new Set(unread.get().items.map((row) => row.id))
      for (const id of shown.keys()) if (!standing.has(id)) close(shown, id)
    }
    function closeAll(): void {
      for (const id of shown.keys()) close(shown, id)
    }

    const ends = [inbox.onRing(ring), unread.subscribe(closeRead)]
    // A page that is gone could no longer take them away.
    addEventListener('pagehide', closeAll)
    return () => {
      for (const end of ends) end()
      removeEventListener('pagehide', closeAll)
      closeAll()
    }
  }, [inbox])
}

function isAllowed(): boolean {
  return 'Notification' in window && Notification.permission === 'granted'
}

function show(shown: Map<string, Notification>, row: Row, onClick: (row: Row) => void): void {
  try {
    const notification = new Notification(row.title, { body: row.body ?? '', tag: row.id, icon: '/favicon.svg' })
    notification.onclick = () => {
      window.focus()
      notification.close()
      onClick(row)
    }
    shown.set(row.id, notification)
  } catch {
    // Phones show them from a service worker only; the bell counts all the same.
  }
}

function close(shown: Map<string, Notification>, id: string): void {
  shown.get(id)?.close()
  shown.delete(id)
}
