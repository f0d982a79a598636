import { useEffect, useRef, useState } from 'react'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { useObservable } from '#account/observe.ts'

/** Tells a screen reader what others write from now on, and when something could not be sent. History, however it comes, is not read out. */
export function Announcer({ items }: { items: readonly TimelineItem[] }) {
  const words = useNewWords(items)
  const failed = items.filter((item) => item.state === 'failed').length
  return (
    <>
      <p aria-live="polite" className="sr-only">
        {words}
      </p>
      <p aria-live="polite" className="sr-only">
        {failed > 0 &&
          (failed === 1
            ? 'One message needs your attention: it was refused.'
            : `${failed} messages need your attention: they were refused.`)}
      </p>
    </>
  )
}

function useNewWords(items: readonly TimelineItem[]): string {
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

  return words
}

function newest(items: readonly TimelineItem[]): number {
  return items.findLast((item) => item.n !== null)?.n ?? 0
}
