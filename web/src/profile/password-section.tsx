import { useState } from 'react'
import { RefusalError } from '@belfry/client/belfry.ts'
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '@belfry/protocol/limits.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { passwordMistake } from '#account/sign-up-mistakes.ts'
import { useAccount } from '#account/use-account.ts'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Button } from '#theme/button.tsx'
import { Field } from '#theme/field.tsx'
import { FormAlert, FormSaid } from '#theme/form-alert.tsx'
import { Section } from '#theme/section.tsx'

interface Mistakes {
  current?: string | undefined
  password?: string | undefined
}

export function PasswordSection() {
  const { user } = useAccount()
  const { form, mistakes, said } = usePasswordChange()
  return (
    <Section title="Password" lead="A new one signs out all your other devices.">
      <form onSubmit={form.onSubmit} noValidate className="max-w-md">
        {/* A password manager learns whose password it is. */}
        <input name="username" autoComplete="username" value={user.username} readOnly hidden />
        <Field
          label="Current password"
          name="current"
          type="password"
          autoComplete="current-password"
          maxLength={PASSWORD_MAX_CHARS}
          mistake={mistakes.current}
        />
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          maxLength={PASSWORD_MAX_CHARS}
          hint={`At least ${PASSWORD_MIN_CHARS} characters`}
          mistake={mistakes.password}
        />
        <FormAlert>{form.failure}</FormAlert>
        <Button type="submit" disabled={form.isSending} className="mt-4">
          {form.isSending ? 'Changing…' : 'Change password'}
        </Button>
        <FormSaid>{said}</FormSaid>
      </form>
    </Section>
  )
}

function usePasswordChange() {
  const call = useCall()
  const [mistakes, setMistakes] = useState<Mistakes>({})
  const [said, setSaid] = useState('')
  const form = useForm(async (fields, element) => {
    const [current, password] = ['current', 'password'].map((field) => String(fields.get(field))) as [string, string]
    const found: Mistakes = {
      current: current === '' ? 'Type the password that you have now.' : undefined,
      password: passwordMistake(password),
    }
    setSaid('')
    setMistakes(found)
    if (found.current ?? found.password) return focusOn(element, found.current ? 'current' : 'password')
    try {
      await call('me.set-password', { current, password })
    } catch (error) {
      if (!(error instanceof RefusalError && error.code === 'wrong-password')) throw error
      setMistakes({ current: refusalWords(error) })
      return focusOn(element, 'current')
    }
    element.reset()
    setSaid('Your password is changed. All your other devices are signed out.')
  })
  return { form, mistakes, said }
}

function focusOn(form: HTMLFormElement, field: keyof Mistakes): void {
  form.querySelector<HTMLInputElement>(`[name=${field}]`)?.select()
}
