import type { TimelineItem } from '@belfry/client/belfry.ts'
import { AlertDialog } from '#theme/alert-dialog.tsx'
import { Button } from '#theme/button.tsx'

interface DeleteDialogProps {
  item: TimelineItem
  onDelete: () => void
  onClose: () => void
  onFocusLost: () => void
}

export function DeleteDialog({ item, onDelete, onClose, onFocusLost }: DeleteDialogProps) {
  return (
    <AlertDialog title="Delete this message?" onClose={onClose} onFocusLost={onFocusLost}>
      <p className="text-ink-2">It disappears for everyone. This cannot be undone.</p>
      <blockquote className="mt-3 line-clamp-4 border-l-3 border-line pl-3 break-words whitespace-pre-wrap text-ink-2">
        {item.body}
      </blockquote>
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={onClose} autoFocus>
          Cancel
        </Button>
        <Button look="bad" onClick={onDelete}>
          Delete
        </Button>
      </div>
    </AlertDialog>
  )
}
