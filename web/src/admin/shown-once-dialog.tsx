import type { ReactNode } from 'react'
import { Button } from '#theme/button.tsx'
import { CopyButton } from '#theme/copy-button.tsx'
import { Dialog } from '#theme/dialog.tsx'
import { Field } from '#theme/field.tsx'

interface ShownOnceDialogProps {
  title: string
  label: string
  secret: string
  copy: string
  onClose: () => void
  /** A sentence on what to do with it. */
  children: ReactNode
  more?: ReactNode
}

/** A secret of which only a hash is kept. Escape does not close it: it would be lost. */
export function ShownOnceDialog({ title, label, secret, copy, onClose, children, more }: ShownOnceDialogProps) {
  return (
    <Dialog title={title} onClose={() => undefined}>
      <p className="text-ink-2">{children}</p>
      <Field label={label} readOnly value={secret} spellCheck={false} onFocus={(event) => event.currentTarget.select()} />
      {more}
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <CopyButton text={secret} look="main" isFirst>
          {copy}
        </CopyButton>
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  )
}
