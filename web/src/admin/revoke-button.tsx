import { useState } from 'react'
import { FormDialog } from '#account/form-dialog.tsx'
import { useForm } from '#account/use-form.ts'
import { LeavingButton } from '#theme/leaving-button.tsx'

interface RevokeButtonProps {
  /** The question, and what a yes means. */
  title: string
  words: string
  onRevoke: () => Promise<unknown>
  onRevoked: () => void
  /** Focuses something else once the button is gone. */
  onFocusLost: () => void
}

/** Makes an invitation or a key open nothing any more, after a question. */
export function RevokeButton({ title, words, onRevoke, onRevoked, onFocusLost }: RevokeButtonProps) {
  const [isAsking, setAsking] = useState(false)
  const form = useForm(async () => {
    await onRevoke()
    setAsking(false)
    onRevoked()
  })
  return (
    <>
      <LeavingButton size="small" onFocusLost={onFocusLost} onClick={() => setAsking(true)}>
        Revoke
      </LeavingButton>
      {isAsking && (
        <FormDialog
          title={title}
          isGrave
          form={form}
          action="Revoke"
          acting="Revoking…"
          onClose={() => setAsking(false)}
          onFocusLost={onFocusLost}
        >
          <p className="text-ink-2">{words}</p>
        </FormDialog>
      )}
    </>
  )
}
