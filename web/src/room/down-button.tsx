import { useLayoutEffect } from 'react'
import type { RoomView } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { Icon } from '#theme/icons.tsx'
import type { Reader } from './reader.ts'
import { newestNumber } from './timeline.ts'

const COUNTED_MAX = 99

interface DownButtonProps {
  view: RoomView
  isAtBottom: boolean
  reader: Reader
  onClick: () => void
}

/** Leads back down, and counts what others wrote since one left the bottom. */
export function DownButton({ view: { latest, readTo }, isAtBottom, reader, onClick }: DownButtonProps) {
  const { user } = useAccount()
  const newest = newestNumber(latest)
  // What was read otherwise, by Esc or on another device, is not new either.
  const seen = reader.seen === 0 ? newest : Math.max(reader.seen, readTo ?? 0)
  useLayoutEffect(() => {
    if (isAtBottom || reader.seen === 0) reader.see(newest)
  }, [isAtBottom, reader, newest])
  if (isAtBottom) return null

  const fresh = latest.filter((item) => (item.n ?? 0) > seen && item.authorId !== user.id).length
  // Not all that came since is held: then it is so many at least.
  const isMore = (latest[0]?.n ?? 0) > seen + 1
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute bottom-3 left-1/2 z-20 flex h-9 -translate-x-1/2 animate-rise items-center gap-1.5 rounded-full border border-line bg-raised pr-4 pl-3 text-small font-bold whitespace-nowrap text-accent shadow-float hover:bg-hover coarse:h-11"
    >
      <Icon name="down" className="size-4.5" />
      {words(fresh, isMore)}
    </button>
  )
}

function words(fresh: number, isMore: boolean): string {
  if (fresh === 0) return 'Jump to latest'
  if (isMore || fresh > COUNTED_MAX) return `${Math.min(fresh, COUNTED_MAX)}+ new messages`
  return fresh === 1 ? '1 new message' : `${fresh} new messages`
}
