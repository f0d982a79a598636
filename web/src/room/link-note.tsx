import { IconButton, TextButton } from '#theme/button.tsx'
import { FailedLine } from '#theme/failed-line.tsx'
import type { Link } from './use-linked.ts'

interface LinkNoteProps {
  link: Link
  onLatest: () => void
  /** Leaves the reader where they are. */
  onClose: () => void
}

/** Says why the message that a link leads to is not to be seen. */
export function LinkNote({ link: { linked, tryAgain }, onLatest, onClose }: LinkNoteProps) {
  if (linked.is === 'none' || linked.is === 'seeking' || linked.is === 'shown') return null
  return (
    <div className="flex flex-none items-center gap-2 border-b border-line bg-side py-1 pr-2 pl-4 text-small text-ink-2 desk:pl-6">
      <p role="status" className="min-w-0 flex-1 py-1">
        {linked.is === 'failed' ? (
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
