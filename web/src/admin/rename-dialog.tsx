import { useState } from 'react'
import { RefusalError } from '@belfry/client/belfry.ts'
import { NAME_MAX_CHARS, USERNAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { refusalWords } from '#account/refusal-words.ts'
import { usernameMistake } from '#account/sign-up-mistakes.ts'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Field } from '#theme/field.tsx'
import type { PersonDialogProps } from './person-menu.tsx'

export function RenameDialog({ account, onClose, onFocusLost, onChanged }: PersonDialogProps) {
  const call = useCall()
  const [mistake, setMistake] = useState<string>()
  const form = useForm(async (fields) => {
    const [username, name] = ['username', 'name'].map((field) => String(fields.get(field)).trim()) as [string, string]
    const found = username === account.username ? undefined : usernameMistake(username)
    setMistake(found)
    if (found) return
    try {
      await call('user.update', {
        id: account.id,
        ...(username !== account.username && { username }),
        ...(name !== account.name && { name: name || username }),
      })
    } catch (error) {
      if (!(error instanceof RefusalError && error.code === 'username-taken')) throw error
      return setMistake(refusalWords(error))
    }
    onClose()
    onChanged()
  })

  return (
    <FormDialog title={`Rename ${account.name}`} form={form} action="Rename" acting="Renaming…" onClose={onClose} onFocusLost={onFocusLost}>
      <Field
        label="Name"
        name="name"
        defaultValue={account.name}
        maxLength={NAME_MAX_CHARS}
        autoComplete="off"
        hint="As others see it, also on what was written before."
      />
      <Field
        label="User name"
        name="username"
        defaultValue={account.username}
        maxLength={USERNAME_MAX_CHARS}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        hint="For signing in. The old one works no more."
        mistake={mistake}
      />
    </FormDialog>
  )
}
