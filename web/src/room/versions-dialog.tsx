import { useCallback, useEffect, useState } from 'react'
import { ConnectionLost, type RoomHandle, type TimelineItem, type Version } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { lookedWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { Button } from '#theme/button.tsx'
import { Dialog } from '#theme/dialog.tsx'
import { FailedLine } from '#theme/failed-line.tsx'
import { fullDate } from '#theme/times.ts'
import { MessageText } from './message-text.tsx'

interface VersionsDialogProps {
  room: RoomHandle
  item: TimelineItem
  onClose: () => void
  onFocusLost: () => void
}

/** What a message said before it was edited. */
export function VersionsDialog({ room, item, onClose, onFocusLost }: VersionsDialogProps) {
  const versions = useVersions(room, item)
  return (
    <Dialog title="What this message said" onClose={onClose} onFocusLost={onFocusLost}>
      <VersionsList {...versions} />
      <div className="mt-5 flex justify-end">
        <Button onClick={onClose} data-first>
          Close
        </Button>
      </div>
    </Dialog>
  )
}

function VersionsList({ items, failure, again }: Asked) {
  if (failure !== null) {
    return (
      <p role="alert" className="py-4 text-ink-2">
        <FailedLine onTryAgain={again}>{failure}</FailedLine>
      </p>
    )
  }
  if (!items) {
    return (
      <p aria-busy="true" className="animate-later py-4 text-ink-3">
        Loading…
      </p>
    )
  }
  return (
    // Reached with Tab, so that arrows turn it.
    <ol
      aria-label="Versions"
      tabIndex={0}
      className="-mx-2 max-h-[min(26rem,55dvh)] overflow-y-auto overscroll-contain rounded-medium px-2"
    >
      {items.map(({ body, writtenAt }, at) => (
        <li key={items.length - at} className="border-line py-3 not-first:border-t">
          <p className="text-meta text-ink-3">
            <time dateTime={new Date(writtenAt).toISOString()}>{fullDate(writtenAt)}</time>
            {at === 0 && ' · now'}
          </p>
          <p className={`mt-0.5 whitespace-pre-wrap [overflow-wrap:anywhere] ${at === 0 ? '' : 'text-ink-2'}`}>
            <MessageText text={body} names={{}} from={null} tabIndex={0} />
          </p>
        </li>
      ))}
    </ol>
  )
}

interface Asked {
  /** Null until they are there. */
  items: readonly Version[] | null
  failure: string | null
  again: () => void
}

/** Asked for again when the message is edited meanwhile, and when the connection is back. */
function useVersions(room: RoomHandle, { id, changed }: TimelineItem): Asked {
  const { belfry } = useAccount()
  const isOnline = useObservable(belfry.connection).is === 'online'
  const [answer, setAnswer] = useState<Omit<Asked, 'again'>>({ items: null, failure: null })
  const ask = useCallback(() => {
    let isWanted = true
    setAnswer(({ items }) => ({ items, failure: null }))
    room.versions(id).then(
      (items) => isWanted && setAnswer({ items, failure: null }),
      (error: unknown) => {
        // What is there stays while the connection is away.
        if (isWanted) setAnswer(({ items }) => ({ items, failure: items && error instanceof ConnectionLost ? null : lookedWords(error) }))
      },
    )
    return () => void (isWanted = false)
  }, [room, id])
  useEffect(ask, [ask, changed, isOnline])
  return { ...answer, again: ask }
}
