import type { MouseEvent } from 'react'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import { roomPath } from '#account/paths.ts'
import { tell } from '#shell/notice.tsx'
import { IconButton } from '#theme/button.tsx'
import { copyText } from '#theme/copy-text.ts'
import type { MessageDeeds } from './message-row.tsx'
import { ReactButton } from './react-button.tsx'
import { isOpenToChange } from './timeline.ts'

interface MessageToolbarProps {
  item: TimelineItem
  isMine: boolean
  tabIndex: number
  deeds: MessageDeeds
}

/** From above the message's corner to its end. */
const ALONG = 'pointer-events-none absolute -top-3 right-4 bottom-0 z-20 desk:right-6'

const FLOATING =
  'sticky top-1 flex rounded-medium border border-line bg-raised p-0.5 opacity-0 shadow-float group-focus-within:pointer-events-auto group-focus-within:opacity-100 has-[[aria-expanded=true]]:pointer-events-auto has-[[aria-expanded=true]]:opacity-100 group-focus:pointer-events-auto group-focus:opacity-100 fine:group-hover:pointer-events-auto fine:group-hover:opacity-100'

/** What one can do with a message: over its corner, so that it moves no text; where that is beyond the view, at the edge of what is seen. */
export function MessageToolbar({ item, isMine, tabIndex, deeds }: MessageToolbarProps) {
  const isOpen = isMine && isOpenToChange(item)
  // What is not posted yet is still one's own alone.
  const isUnposted = item.n === null
  const [mayEdit, mayDelete] = [isOpen && (isUnposted || deeds.may.edits), isOpen && (isUnposted || deeds.may.deletes)]
  if (isUnposted && !isOpen) return null
  return (
    <div className={ALONG}>
      <div className={FLOATING}>
        {item.n !== null && deeds.may.reacts && (
          <ReactButton tabIndex={tabIndex} onChoose={(emoji) => deeds.onReact(item.id, { emoji, isOn: true })} />
        )}
        {item.n !== null && deeds.may.answers && (
          <IconButton icon="answer" label="Answer" tabIndex={tabIndex} onClick={() => deeds.onAnswer(item.id)} size="small" />
        )}
        {item.n !== null && (
          <IconButton
            icon="link"
            label="Copy link"
            tabIndex={tabIndex}
            onClick={(event) => void copyLink(event, deeds.room.id, item.id)}
            size="small"
          />
        )}
        {item.n !== null && !isMine && (
          <IconButton
            icon="unread"
            label="Mark unread from here"
            tabIndex={tabIndex}
            onClick={() => deeds.onUnread(item.n!)}
            size="small"
          />
        )}
        {mayEdit && <IconButton icon="pen" label="Edit message" tabIndex={tabIndex} onClick={() => deeds.onEdit(item.id)} size="small" />}
        {(mayDelete || (deeds.may.moderates && item.state === 'sent')) && (
          <IconButton icon="trash" label="Delete message" tabIndex={tabIndex} onClick={() => deeds.onDelete(item.id)} size="small" />
        )}
      </div>
    </div>
  )
}

async function copyLink(event: MouseEvent<HTMLElement>, roomId: string, messageId: string): Promise<void> {
  const address = location.origin + roomPath(roomId, messageId)
  const isCopied = await copyText(address, event.currentTarget)
  tell(isCopied ? 'The link is copied.' : `This browser does not let pages copy. The link: ${address}`)
}
