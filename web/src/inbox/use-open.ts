import { useLocation } from 'wouter'
import type { Notification } from '@belfry/protocol/rows.ts'
import { useAccount } from '#account/use-account.ts'
import { linkTarget } from './link-target.ts'

/** Opens what a notification is about, and marks it read. */
export function useOpen(): (notification: Notification) => void {
  const { inbox } = useAccount().belfry
  const [, navigate] = useLocation()
  return (notification) => {
    if (notification.readAt === null) inbox.mark(notification.id, { read: true })
    const target = linkTarget(notification.url, location.origin)
    if (target?.is === 'page') navigate(target.path)
    if (target?.is === 'elsewhere') window.open(target.href, '_blank', 'noopener,noreferrer')
  }
}
