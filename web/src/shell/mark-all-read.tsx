import { IconButton } from '#theme/button.tsx'
import { useMarkAllRead } from './use-mark-all-read.ts'

/** Beside what is unread, and gone with it. */
export function MarkAllRead() {
  const markAllRead = useMarkAllRead()
  return (
    <IconButton
      icon="check"
      label="Mark all rooms as read (Shift+Esc)"
      size="small"
      onClick={(event) => {
        markAllRead()
        event.currentTarget.closest('nav')?.focus()
      }}
    />
  )
}
