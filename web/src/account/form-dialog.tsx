import { type ReactNode, useEffect, useEffectEvent } from 'react'
import { Button } from '#theme/button.tsx'
import { Dialog } from '#theme/dialog.tsx'
import { FormAlert } from '#theme/form-alert.tsx'
import type { SubmittedForm } from './use-form.ts'

interface FormDialogProps {
  title: string
  /** Something is taken away: the question is an alert, and its answer red. */
  isGrave?: boolean
  form: SubmittedForm
  /** What the form does, and what it says while it does so. */
  action: string
  acting: string
  /** Nothing is there to be sent yet. */
  isIdle?: boolean
  /** What it asks for is so: somebody else was first, or the answer was lost, not the deed. It goes. */
  isDone?: boolean
  onClose: () => void
  onFocusLost?: () => void
  children?: ReactNode
}

/** A form that must be sent or given up first. What is on its way is waited for: its answer may be shown only once. */
export function FormDialog({
  title,
  isGrave = false,
  form,
  action,
  acting,
  isIdle = false,
  isDone = false,
  onClose,
  onFocusLost,
  children,
}: FormDialogProps) {
  function close(): void {
    if (!form.isSending) onClose()
  }

  const leave = useEffectEvent(onClose)
  const isOver = isDone && !form.isSending
  useEffect(() => {
    if (isOver) leave()
  }, [isOver])

  return (
    <Dialog title={title} role={isGrave ? 'alertdialog' : 'dialog'} onClose={close} onFocusLost={onFocusLost}>
      <form onSubmit={form.onSubmit} noValidate>
        {children}
        <FormAlert>{form.failure}</FormAlert>
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <Button onClick={close} disabled={form.isSending}>
            Cancel
          </Button>
          <Button type="submit" look={isGrave ? 'bad' : 'main'} disabled={form.isSending || isIdle}>
            {form.isSending ? acting : action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
