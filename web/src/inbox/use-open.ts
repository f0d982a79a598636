import { useLocation } from 'wouter'
import type { Notification } from '@belfry/protocol/rows.ts'
import { useAccount } from '#account/use-account.ts'
import { attempt } from '#shell/notice.tsx'
import { linkTarget } from './link-target.ts'

/** Marks a notification read and goes where it leads. Answers false when it leads nowhere: then there is nothing but its own words to show. */
export function useOpen(): (notification: Notification) => boolean {
  const { inbox } = useAccount().belfry
  const [, navigate] = useLocation()
  return (notification) => {
    if (notification.readAt === null) attempt(() => inbox.mark(notification.id, { read: true }))
    const target = linkTarget(notification.url, location.origin)
    if (target?.is === 'page') navigate(target.path)
    if (target?.is === 'elsewhere') window.open(target.href, '_blank', 'noopener,noreferrer')
    return target !== null
  }
}
