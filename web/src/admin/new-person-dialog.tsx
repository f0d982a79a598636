import { useRef, useState } from 'react'
import { ConnectionLost, RefusalError } from '@belfry/client/belfry.ts'
import { NAME_MAX_CHARS, USERNAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { refusalWords } from '#account/refusal-words.ts'
import { usernameMistake } from '#account/sign-up-mistakes.ts'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { tell } from '#shell/notice.tsx'
import { Choice, Choices } from '#theme/choice.tsx'
import { Field } from '#theme/field.tsx'
import { PassOnDialog } from './pass-on-dialog.tsx'
import { PasswordField, usePasswordForOther } from './password-field.tsx'

export function NewPersonDialog({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const chosen = usePasswordForOther()
  const { form, mistake, added } = useNewPerson({ chosen, onClose, onAdded })
  if (added) {
    return <PassOnDialog title={`${added.name} can sign in now`} username={added.username} password={chosen.password} onClose={onClose} />
  }
  return (
    <FormDialog title="New account" form={form} action="Create account" acting="Creating…" onClose={onClose}>
      <Field
        label="User name"
        name="username"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={USERNAME_MAX_CHARS}
        hint="Letters, digits and . _ - @ +"
        mistake={mistake}
      />
      <Field
        label="Name"
        name="name"
        autoComplete="off"
        maxLength={NAME_MAX_CHARS}
        hint="As others see it. The user name, if left empty."
      />
      <PasswordField label="Password" chosen={chosen} />
      <Choices legend="What are they here?">
        <Choice type="radio" name="role" value="member" title="Member" defaultChecked>
          Finds all open rooms and all people
        </Choice>
        <Choice type="radio" name="role" value="guest" title="Guest">
          Sees the rooms alone that somebody adds them to
        </Choice>
        <Choice type="radio" name="role" value="admin" title="Administrator">
          Manages accounts, invitations and keys
        </Choice>
      </Choices>
    </FormDialog>
  )
}

interface NewPerson {
  chosen: ReturnType<typeof usePasswordForOther>
  onClose: () => void
  onAdded: () => void
}

function useNewPerson({ chosen, onClose, onAdded }: NewPerson) {
  const call = useCall()
  const [mistake, setMistake] = useState<string>()
  const [added, setAdded] = useState<User | null>(null)
  const unanswered = useRef(new Set<string>())
  const form = useForm(async (fields) => {
    const [username, name] = ['username', 'name'].map((field) => String(fields.get(field)).trim()) as [string, string]
    const found = usernameMistake(username)
    setMistake(found)
    if (!chosen.check() || found) return
    try {
      const role = fields.get('role') as User['role']
      const user = await call('user.create', { username, password: chosen.password, role, ...(name && { name }) })
      onAdded()
      if (chosen.isGenerated) return setAdded(user)
      onClose()
      tell(`${user.name} can sign in now.`)
    } catch (error) {
      if (error instanceof ConnectionLost && error.wasSent) unanswered.current.add(username)
      if (!(error instanceof RefusalError && error.code === 'username-taken')) throw error
      setMistake(unanswered.current.has(username) ? perhapsOwn(username) : refusalWords(error))
    }
  })
  return { form, mistake, added }
}

/** It was asked for before, and the answer was lost. */
function perhapsOwn(username: string): string {
  return `There is an account named ${username} now, probably the one that you have just made, with the password that you gave it then. Its menu gives it another: Reset password.`
}
