import { IconButton, TextButton } from '#theme/button.tsx'
import { FailedLine } from '#theme/failed-line.tsx'
import type { Link } from './use-linked.ts'

interface LinkNoteProps {
  link: Link
  /** There is no connection: what is not here cannot be had now. */
  isAway: boolean
  onLatest: () => void
  /** Leaves the reader where they are. */
  onClose: () => void
}

/** Says why the message that a link leads to is not to be seen. */
export function LinkNote({ link: { linked, tryAgain }, isAway, onLatest, onClose }: LinkNoteProps) {
  if (linked.is === 'none' || linked.is === 'shown' || (linked.is === 'seeking' && !isAway)) return null
  return (
    <div className="flex flex-none items-center gap-2 border-b border-line bg-side py-1 pr-2 pl-4 text-small text-ink-2 desk:pl-6">
      <p role="status" className="min-w-0 flex-1 py-1">
        {linked.is === 'seeking' ? (
          'The message of this link is not here yet. It comes as soon as the connection is back.'
        ) : linked.is === 'failed' ? (
          <FailedLine onTryAgain={tryAgain}>The message could not be loaded.</FailedLine>
        ) : (
          <>
            {linked.is === 'deleted'
              ? 'The message of this link was deleted. Here is what was said around it.'
              : 'There is no such message in this room: the link is not right, or the message was deleted long ago.'}{' '}
            <TextButton onClick={onLatest} className="text-accent">
              Go to the latest
            </TextButton>
          </>
        )}
      </p>
      <IconButton icon="close" label="Close" size="small" onClick={onClose} />
    </div>
  )
}
