import type { RoomHandle, TimelineItem } from '@belfry/client/belfry.ts'
import { TextButton } from '#theme/button.tsx'

const SENDING = { post: 'Sending…', edit: 'Saving…', delete: 'Deleting…' } as const
const FAILED = { post: 'Not sent', edit: 'Not saved', delete: 'Not deleted' } as const
const GIVE_UP = { post: 'Discard', edit: 'Discard change', delete: 'Keep it' } as const

/** Beside the words it is about: on its way, or why not and what to do. */
export function MessageState({ item, room }: { item: TimelineItem; room: RoomHandle }) {
  const wants = item.wants ?? 'post'
  if (item.state === 'sent') return null
  if (item.state === 'sending') return <span className="ml-2 inline-block animate-later text-meta text-ink-3">{SENDING[wants]}</span>
  return (
    <span className="ml-2 text-meta text-bad">
      <span className="font-medium">{FAILED[wants]}</span>
      {' · '}
      <TextButton onClick={() => room.retry(item.id)}>Try again</TextButton>
      {' · '}
      <TextButton onClick={() => room.discard(item.id)}>{GIVE_UP[wants]}</TextButton>
      {item.failure && <span className="block">{item.failure}</span>}
    </span>
  )
}
