import { useEffect, useRef, useState } from 'react'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { useObservable } from '#account/observe.ts'
import { newestNumber } from './timeline.ts'

const SAID_MAX_CHARS = 200

/** Tells a screen reader what others write from now on, but those whom one has blocked, and when something could not be sent. History, however it comes, is not read out. */
export function Announcer({ items }: { items: readonly TimelineItem[] }) {
  const { words, count } = useNewWords(items)
  const failed = items.filter((item) => item.state === 'failed').length
  return (
    <>
      {/* Two in turn: the same words again in the same place would not be a change, and not be said. */}
      {[0, 1].map((turn) => (
        <p key={turn} aria-live="polite" className="sr-only">
          {count % 2 === turn && words}
        </p>
      ))}
      <p aria-live="polite" className="sr-only">
        {failed > 0 &&
          (failed === 1
            ? 'One message needs your attention: it was refused.'
            : `${failed} messages need your attention: they were refused.`)}
      </p>
    </>
  )
}

function useNewWords(items: readonly TimelineItem[]) {
  const { user, belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  const blocked = useObservable(belfry.blocked)
  const [said, setSaid] = useState({ words: '', count: 0 })
  const told = useRef(newestNumber(items))

  useEffect(() => {
    const fresh = items.filter(({ n, authorId }) => (n ?? 0) > told.current && authorId !== user.id && !blocked.has(authorId))
    told.current = Math.max(told.current, newestNumber(items))
    const last = fresh.at(-1)
    if (!last) return
    const words =
      fresh.length === 1 ? `${known.get(last.authorId)?.name ?? 'Someone'}: ${shortened(last.body)}` : `${fresh.length} new messages`
    setSaid(({ count }) => ({ words, count: count + 1 }))
  }, [items, known, blocked, user.id])

  return said
}

function shortened(body: string): string {
  return body.length > SAID_MAX_CHARS ? `${body.slice(0, SAID_MAX_CHARS).toWellFormed()}…` : body
}
