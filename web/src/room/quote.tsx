import type { Message } from '@belfry/protocol/rows.ts'
import { roomPath } from '#account/paths.ts'
import { Icon } from '#theme/icons.tsx'
import { BLOCKED_TEXT } from './message-body.ts'
import { MessageLink } from './message-link.tsx'

interface QuoteProps {
  roomId: string
  messageId: string
  /** The address of the answer; null: none leads to it. */
  from: string | null
  /** Undefined: not known yet; null: not there for this reader. */
  message: Message | null | undefined
  author: string
  /** One wants no messages of its author: what it says is not shown here either. */
  isBlocked: boolean
  tabIndex: number
}

const LOOKS = 'mb-0.5 flex max-w-[78ch] min-w-0 items-center gap-1.5 border-l-2 border-edge pl-2 text-small text-ink-2'

/** What a message answers, in a line; it leads there. */
export function Quote({ roomId, messageId, from, message, author, isBlocked, tabIndex }: QuoteProps) {
  if (message === undefined) return <p className={LOOKS}>…</p>
  if (message === null || message.deletedAt !== null)
    return <p className={`${LOOKS} text-ink-3`}>{message === null ? 'A message that you do not see' : 'A message that was deleted'}</p>
  return (
    <MessageLink
      href={roomPath(roomId, messageId)}
      from={from}
      tabIndex={tabIndex}
      className={`${LOOKS} hover:border-accent hover:text-ink`}
    >
      <Icon name="answer" className="size-3.5 flex-none" />
      {isBlocked ? (
        <span className="truncate text-ink-3">{BLOCKED_TEXT}</span>
      ) : (
        <>
          <b className="flex-none font-medium">{author}</b>
          <span className="truncate">{message.body}</span>
        </>
      )}
    </MessageLink>
  )
}
