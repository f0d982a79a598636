import { useState, useSyncExternalStore } from 'react'
import { Link, useLocation } from 'wouter'
import { signUp } from '@belfry/client/sign-in.ts'
import { NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, USERNAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { Button } from '#theme/button.tsx'
import { Door } from './door.tsx'
import { Field } from '#theme/field.tsx'
import { FormAlert } from '#theme/form-alert.tsx'
import { useObservable } from './observe.ts'
import { mistakesIn, type SignUpMistakes } from './sign-up-mistakes.ts'
import { useSession } from './use-account.ts'
import { useForm } from './use-form.ts'

/** Where a one-time link leads: `/welcome#TOKEN`. What stands after # is never sent with a request for the page. */
export function WelcomePage() {
  // Pasted over an older link, only the part after # is new, and the browser loads nothing.
  const invite = useSyncExternalStore(listenToHash, () => location.hash).slice(1)
  const state = useObservable(useSession().state)
  if (state.is === 'signed-in') return <AlreadyIn name={state.user.name} />
  if (!invite) return <NoInvite />
  return <SignUp invite={invite} />
}

function listenToHash(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

function SignUp({ invite }: { invite: string }) {
  const { form, mistakes } = useSignUp(invite)
  return (
    <Door
      pageName="Welcome"
      title="Welcome to Belfry"
      lead="Choose how you sign in. This link works once, and makes you the administrator."
    >
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
    </Door>
  )
}

function useSignUp(invite: string) {
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

    const { name, ...rest } = input
    const user = await signUp(location.origin, { ...rest, ...(name && { name }), invite })
    navigate('/chat', { replace: true })
    session.enter(user)
  })
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

function NoInvite() {
  return (
    <Door
      pageName="Welcome"
      title="This link is incomplete"
      lead="A welcome link ends in a long code after a # sign. Open the whole link as you received it, or ask for a new one."
    >
      <Link href="/sign-in" className="mt-5 inline-block font-medium text-accent underline underline-offset-2">
        Sign in instead
      </Link>
    </Door>
  )
}

function AlreadyIn({ name }: { name: string }) {
  return (
    <Door
      pageName="Welcome"
      title={`You are signed in as ${name}`}
      lead="A welcome link makes a new account. To use it, sign out first, then open it again."
    >
      <Link href="/chat" className="mt-5 inline-block font-medium text-accent underline underline-offset-2">
        Go to General
      </Link>
    </Door>
  )
}
