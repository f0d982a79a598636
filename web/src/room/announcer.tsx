import { useEffect, useRef, useState } from 'react'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { useObservable } from '#account/observe.ts'

/** Tells a screen reader what others write from now on. History, however it comes, is not read out. */
export function Announcer({ items }: { items: readonly TimelineItem[] }) {
  const { user, belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  const [words, setWords] = useState('')
  const told = useRef(newest(items))

  useEffect(() => {
    const fresh = items.filter((item) => (item.n ?? 0) > told.current && item.authorId !== user.id)
    told.current = Math.max(told.current, newest(items))
    const last = fresh.at(-1)
    if (last) setWords(fresh.length === 1 ? `${known.get(last.authorId)?.name ?? 'Someone'}: ${last.body}` : `${fresh.length} new messages`)
  }, [items, known, user.id])

  return (
    <p aria-live="polite" className="sr-only">
      {words}
    </p>
  )
}

function newest(items: readonly TimelineItem[]): number {
  return items.findLast((item) => item.n !== null)?.n ?? 0
}
