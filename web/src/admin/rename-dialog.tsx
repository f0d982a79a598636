import { useState } from 'react'
import { RefusalError } from '@belfry/client/belfry.ts'
import { NAME_MAX_CHARS, USERNAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { refusalWords } from '#account/refusal-words.ts'
import { usernameMistake } from '#account/sign-up-mistakes.ts'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Field } from '#theme/field.tsx'
import type { Account } from './live-people.ts'
import type { PersonDialogProps } from './person-menu.tsx'

type NamesChange = Partial<Pick<Account, 'username' | 'name'>>

/** Sends what was changed in the dialog alone: the rest may be another by now, by somebody else. */
export function RenameDialog({ account, onClose, onFocusLost, onChanged }: PersonDialogProps) {
  const call = useCall()
  const [shown] = useState(account)
  const [asked, setAsked] = useState<NamesChange>({})
  const [mistake, setMistake] = useState<string>()
  const form = useForm(async (fields) => {
    const [username, name] = ['username', 'name'].map((field) => String(fields.get(field)).trim().normalize('NFC')) as [string, string]
    const found = username === shown.username ? undefined : usernameMistake(username)
    setMistake(found)
    if (found) return
    const change: NamesChange = {
      ...(username !== shown.username && { username }),
      ...(name !== shown.name && { name: name || username }),
    }
    if (Object.keys(change).length === 0) return onClose()
    setAsked(change)
    try {
      await call('user.update', { id: shown.id, ...change })
    } catch (error) {
      if (!(error instanceof RefusalError && error.code === 'username-taken')) throw error
      return setMistake(refusalWords(error))
    }
    onClose()
    onChanged()
  })

  return (
    <FormDialog
      title={`Rename ${shown.name}`}
      form={form}
      action="Rename"
      acting="Renaming…"
      isDone={isSo(asked, account)}
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <Field
        label="Name"
        name="name"
        defaultValue={shown.name}
        onChange={() => setAsked({})}
        maxLength={NAME_MAX_CHARS}
        autoComplete="off"
        hint="As others see it, also on what was written before."
      />
      <Field
        label="User name"
        name="username"
        defaultValue={shown.username}
        onChange={() => setAsked({})}
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

/** Whether the account is called now as it was asked for. */
function isSo(asked: NamesChange, account: Account): boolean {
  const fields = Object.keys(asked) as (keyof NamesChange)[]
  return fields.length > 0 && fields.every((field) => asked[field] === account[field])
}
