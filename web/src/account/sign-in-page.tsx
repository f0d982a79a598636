import { type ReactNode, useEffect } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { signIn, type WorkspaceInfo } from '@belfry/client/sign-in.ts'
import { Button } from '#theme/button.tsx'
import { Door } from './door.tsx'
import { Field } from '#theme/field.tsx'
import { FormAlert } from '#theme/form-alert.tsx'
import { safeNextPath } from './next-path.ts'
import { useObservable } from './observe.ts'
import { useSession } from './use-account.ts'
import { useForm } from './use-form.ts'
import { useWorkspaceInfo } from './use-workspace-info.ts'

export function SignInPage() {
  useGoOnWhenSignedIn()
  const session = useSession()
  const workspace = useWorkspaceInfo()
  const form = useForm(async (fields, element) => {
    const password = String(fields.get('password'))
    try {
      await session.settled()
      session.enter(await signIn(location.origin, { username: String(fields.get('username')).trim(), password }))
    } catch (error) {
      element.querySelector<HTMLInputElement>('[name=password]')?.select()
      throw error
    }
  })

  return (
    <Door pageName="Sign in" title={titleFor(workspace.is === 'answered' ? workspace.info : null)}>
      <form onSubmit={form.onSubmit} className="mt-1">
        <Field
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={256}
          required
          autoFocus
        />
        <Field label="Password" name="password" type="password" autoComplete="current-password" maxLength={256} required />
        <FormAlert>{form.failure}</FormAlert>
        <Button type="submit" look="main" disabled={form.isSending} className="mt-6 w-full">
          {form.isSending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
      {workspace.is === 'answered' && <WithoutAccount info={workspace.info} />}
    </Door>
  )
}

function titleFor(info: WorkspaceInfo | null): string {
  return info && info.name !== 'Belfry' ? `Sign in to ${info.name}` : 'Sign in'
}

/** What is left to do without an account, or without its password. */
function WithoutAccount({ info }: { info: WorkspaceInfo | null }) {
  if (info?.isEmpty)
    return <Foot>Nobody has an account here yet. The first one is made by the link that the server printed at its start.</Foot>
  if (info?.signUp !== 'open') return <Foot>No account yet, or the password forgotten? Ask whoever runs this server.</Foot>
  return (
    <Foot>
      No account yet?{' '}
      <Link href="/sign-up" className="font-medium text-accent underline underline-offset-2">
        Make an account
      </Link>
      <br />
      Password forgotten? Ask whoever runs this server.
    </Foot>
  )
}

function Foot({ children }: { children: ReactNode }) {
  return <p className="mt-5 text-small text-ink-3">{children}</p>
}

/** Also when another tab of this browser signed in meanwhile. */
function useGoOnWhenSignedIn(): void {
  const session = useSession()
  const state = useObservable(session.state)
  const next = safeNextPath(new URLSearchParams(useSearch()).get('next'))
  const [, navigate] = useLocation()

  useEffect(() => {
    if (state.is === 'signed-in') navigate(next, { replace: true })
    if (state.is === 'ended') void session.ask()
  }, [state, next, navigate, session])
}
