import { useEffect, useRef } from 'react'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import { MessageState } from './message-state.tsx'
import type { RoomDeeds } from './message-row.tsx'

interface RoomNotHereProps {
  /** What one has written here, and waits. */
  waiting: readonly TimelineItem[]
  deeds: RoomDeeds
}

/** There is no connection, and this browser has kept nothing of the room but what one writes there. */
export function RoomNotHere({ waiting, deeds }: RoomNotHereProps) {
  const log = useRef<HTMLDivElement>(null)
  // What one has just written is seen.
  useEffect(() => {
    log.current?.lastElementChild?.scrollIntoView({ block: 'nearest' })
  }, [waiting.length])
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 pb-3 desk:px-6">
      <div className="m-auto py-6 text-center">
        <h2 className="text-large font-bold">This room is not on this device yet</h2>
        <p className="mt-1 max-w-[44ch] text-balance text-ink-2">
          It opens as soon as the connection is back. What you write is sent then.
        </p>
      </div>
      <div ref={log} role="log" aria-label="Messages" aria-live="off">
        {waiting.map((item) => (
          <article
            key={item.id}
            data-message={item.id}
            tabIndex={-1}
            aria-labelledby={`${item.id}-text ${item.id}-state`}
            className="max-w-[78ch] py-[3px]"
          >
            <p className="whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]">
              <span id={`${item.id}-text`}>{item.body}</span>
              <MessageState item={item} deeds={deeds} />
            </p>
          </article>
        ))}
      </div>
    </div>
  )
}
