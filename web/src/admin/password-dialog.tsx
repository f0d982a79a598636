import { useState } from 'react'
import { FormDialog } from '#account/form-dialog.tsx'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { tell } from '#shell/notice.tsx'
import { PassOnDialog } from './pass-on-dialog.tsx'
import { PasswordField, usePasswordForOther } from './password-field.tsx'
import type { PersonDialogProps } from './person-menu.tsx'

export function PasswordDialog({ account, onClose, onFocusLost, onChanged }: PersonDialogProps) {
  const call = useCall()
  const chosen = usePasswordForOther()
  const [isDone, setDone] = useState(false)
  const form = useForm(async () => {
    if (!chosen.check()) return
    await call('user.set-password', { id: account.id, password: chosen.password })
    onChanged()
    if (chosen.isGenerated) return setDone(true)
    onClose()
    tell(`${account.name} has a new password and is signed out everywhere.`)
  })

  if (isDone) {
    const title = `The new password of ${account.name}`
    return <PassOnDialog title={title} username={account.username} password={chosen.password} onClose={onClose} onFocusLost={onFocusLost} />
  }
  return (
    <FormDialog
      title={`Reset the password of ${account.name}?`}
      form={form}
      action="Reset"
      acting="Resetting…"
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <p className="text-ink-2">The old one works no more, and all devices of {account.name} are signed out at once.</p>
      <PasswordField label="New password" chosen={chosen} />
    </FormDialog>
  )
}
