import type { TimelineItem } from '@belfry/client/belfry.ts'
import { attempt } from '#shell/notice.tsx'
import { TextButton } from '#theme/button.tsx'
import { focusMessage } from './focus.ts'
import type { RoomDeeds } from './message-row.tsx'

const SENDING = { post: 'Sending…', edit: 'Saving…', delete: 'Deleting…' } as const
const FAILED = { post: 'Not sent', edit: 'Not saved', delete: 'Not deleted' } as const
export const GIVE_UP = { post: 'Discard', edit: 'Discard change', delete: 'Keep it' } as const

/** Beside the words it is about: on its way, or why not and what to do. */
export function MessageState({ item, deeds }: { item: TimelineItem; deeds: RoomDeeds }) {
  const wants = item.wants ?? 'post'
  const id = `${item.id}-state`
  if (item.state === 'sent') return null
  if (item.state === 'sending') {
    return (
      <span id={id} className="ml-2 inline-block animate-later text-meta text-ink-3">
        {SENDING[wants]}
      </span>
    )
  }
  return (
    <span className="ml-2 text-meta text-bad">
      <span id={id} className="font-medium">
        {FAILED[wants]}
      </span>
      {' · '}
      <TextButton
        onClick={() => {
          // The button is gone with the refusal.
          focusMessage(item.id)
          attempt(() => deeds.room.retry(item.id))
        }}
      >
        Try again
      </TextButton>
      {' · '}
      <TextButton onClick={() => deeds.onDiscard(item)}>{GIVE_UP[wants]}</TextButton>
      {item.failure && <span className="block">{item.failure}</span>}
    </span>
  )
}
