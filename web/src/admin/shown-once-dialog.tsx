import type { ReactNode } from 'react'
import { Button } from '#theme/button.tsx'
import { CopyButton } from '#theme/copy-button.tsx'
import { Dialog } from '#theme/dialog.tsx'
import { Field } from '#theme/field.tsx'

interface ShownOnceDialogProps {
  title: string
  /** What to do with it. */
  lead: string
  /** What is copied, and the name of the button that does so. */
  text: string
  copy?: string
  onClose: () => void
  onFocusLost?: (() => void) | undefined
  /** How it is shown. */
  children: ReactNode
}

/** A secret of which only a hash is kept. Escape does not close it: it would be lost. */
export function ShownOnceDialog({ title, lead, text, copy, onClose, onFocusLost, children }: ShownOnceDialogProps) {
  return (
    <Dialog title={title} onClose={() => undefined} onFocusLost={onFocusLost}>
      <p className="text-ink-2">{lead}</p>
      {children}
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <CopyButton text={text} look="main" isFirst>
          {copy}
        </CopyButton>
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  )
}

export function SecretField({ label, secret }: { label: string; secret: string }) {
  return <Field label={label} readOnly value={secret} spellCheck={false} onFocus={(event) => event.currentTarget.select()} />
}
