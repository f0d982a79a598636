import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { signUp } from '@belfry/client/sign-in.ts'
import { NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, USERNAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { Button } from '#theme/button.tsx'
import { Field } from '#theme/field.tsx'
import { FormAlert } from '#theme/form-alert.tsx'
import { HOME_PATH } from './paths.ts'
import { refusalWords } from './refusal-words.ts'
import { mistakesIn, type SignUpMistakes } from './sign-up-mistakes.ts'
import { useSession } from './use-account.ts'
import { useForm } from './use-form.ts'

/** Makes an account and goes in. `invite`: the secret of an invitation; null where anybody may come. */
export function SignUpForm({ invite }: { invite: string | null }) {
  const { form, mistakes } = useSignUp(invite)
  return (
    <>
      <form onSubmit={form.onSubmit} noValidate className="mt-1">
        <SignUpFields mistakes={mistakes} />
        <FormAlert>{form.failure}</FormAlert>
        <Button type="submit" look="main" disabled={form.isSending} className="mt-6 w-full">
          {form.isSending ? 'Creating your account…' : 'Create account'}
        </Button>
      </form>
      <p className="mt-5 text-small text-ink-3">
        Have an account already?{' '}
        <Link href="/sign-in" className="font-medium text-accent underline underline-offset-2">
          Sign in
        </Link>
      </p>
    </>
  )
}

/** The account may be there, and the invitation spent. */
function failureWords(error: unknown): string {
  return refusalWords(error, 'The account may have been made all the same: try to sign in before you try again.')
}

function useSignUp(invite: string | null) {
  const session = useSession()
  const [, navigate] = useLocation()
  const [mistakes, setMistakes] = useState<SignUpMistakes>({})
  const form = useForm(async (fields, element) => {
    const field = (name: string) => String(fields.get(name))
    const input = { username: field('username').trim(), name: field('name').trim(), password: field('password') }
    const found = mistakesIn(input)
    setMistakes(found)
    const first = Object.keys(found)[0]
    if (first) return element.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus()

    await session.settled()
    const { name, ...rest } = input
    const user = await signUp(location.origin, { ...rest, ...(name && { name }), ...(invite !== null && { invite }) })
    navigate(HOME_PATH, { replace: true })
    session.enter(user)
  }, failureWords)
  return { form, mistakes }
}

function SignUpFields({ mistakes }: { mistakes: SignUpMistakes }) {
  return (
    <>
      <Field
        label="User name"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={USERNAME_MAX_CHARS}
        hint="Letters, digits and . _ - @ +"
        mistake={mistakes.username}
        required
        autoFocus
      />
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        maxLength={NAME_MAX_CHARS}
        hint="As others see it. Your user name, if left empty."
        mistake={mistakes.name}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        maxLength={PASSWORD_MAX_CHARS}
        hint={`At least ${PASSWORD_MIN_CHARS} characters`}
        mistake={mistakes.password}
        required
      />
    </>
  )
}
