import { useState } from 'react'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { Icon } from '#theme/icons.tsx'
import { newestNumber } from './timeline.ts'

interface DownButtonProps {
  items: readonly TimelineItem[]
  isAtBottom: boolean
  onClick: () => void
}

/** Leads back down, and counts what others wrote since one left the bottom. */
export function DownButton({ items, isAtBottom, onClick }: DownButtonProps) {
  const { user } = useAccount()
  const newest = newestNumber(items)
  const [seen, setSeen] = useState(newest)
  if (isAtBottom && seen !== newest) setSeen(newest)
  if (isAtBottom) return null

  const fresh = items.filter((item) => (item.n ?? 0) > seen && item.authorId !== user.id).length
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute bottom-3 left-1/2 z-20 flex h-9 -translate-x-1/2 animate-rise items-center gap-1.5 rounded-full border border-line bg-raised pr-4 pl-3 text-small font-bold whitespace-nowrap text-accent shadow-float hover:bg-hover coarse:h-11"
    >
      <Icon name="down" className="size-4.5" />
      {words(fresh)}
    </button>
  )
}

function words(fresh: number): string {
  if (fresh === 0) return 'Jump to latest'
  return fresh === 1 ? '1 new message' : `${fresh > 99 ? '99+' : fresh} new messages`
}
