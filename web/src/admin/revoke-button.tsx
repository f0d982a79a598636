import { useRef, useState } from 'react'
import { FormDialog } from '#account/form-dialog.tsx'
import { useForm } from '#account/use-form.ts'
import { Button } from '#theme/button.tsx'

interface RevokeButtonProps {
  /** The question, and what a yes means. */
  title: string
  words: string
  onRevoke: () => Promise<unknown>
  onRevoked: () => void
}

/** Makes an invitation or a key open nothing any more, after a question. */
export function RevokeButton({ title, words, onRevoke, onRevoked }: RevokeButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  const [isAsking, setAsking] = useState(false)
  const form = useForm(async () => {
    await onRevoke()
    setAsking(false)
    onRevoked()
  })
  return (
    <>
      <Button ref={button} size="small" onClick={() => setAsking(true)}>
        Revoke
      </Button>
      {isAsking && (
        <FormDialog title={title} isGrave form={form} action="Revoke" acting="Revoking…" onClose={() => setAsking(false)}>
          <p className="text-ink-2">{words}</p>
        </FormDialog>
      )}
    </>
  )
}
