import { useSyncExternalStore } from 'react'
import { Link } from 'wouter'
import type { WorkspaceInfo } from '@belfry/client/sign-in.ts'
import { Door } from './door.tsx'
import { useObservable } from './observe.ts'
import { HOME_PATH } from './paths.ts'
import { SignUpForm } from './sign-up-form.tsx'
import { useSession } from './use-account.ts'
import { useWorkspaceInfo } from './use-workspace-info.ts'
import { AskingPage } from './waiting-pages.tsx'

/** Where an invitation leads, the first administrator's too: `/welcome#SECRET`. What stands after # is never sent with a request for the page. */
export function WelcomePage() {
  // Pasted over an older link, only the part after # is new, and the browser loads nothing.
  const invite = useSyncExternalStore(listenToHash, () => location.hash).slice(1)
  const workspace = useWorkspaceInfo()
  const state = useObservable(useSession().state)
  if (state.is === 'signed-in') return <AlreadyIn name={state.user.name} />
  if (!invite) return <NoInvite />
  if (workspace.is === 'asking') return <AskingPage />
  // The first administrator comes whatever the workspace says.
  if (workspace.info?.signUp === 'closed' && !workspace.info.isEmpty) return <NobodySignsUp lead={INVITATIONS_REST} />
  return (
    <Door pageName="Welcome" {...wordsFor(workspace.info)}>
      <SignUpForm invite={invite} />
    </Door>
  )
}

function listenToHash(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

function wordsFor(info: WorkspaceInfo | null): { title: string; lead: string } {
  if (!info) return { title: 'Welcome', lead: 'Choose how you sign in.' }
  if (info.isEmpty)
    return { title: 'Welcome to Belfry', lead: 'Choose how you sign in. This link works once, and makes you the administrator.' }
  return { title: `You are invited to ${info.name}`, lead: 'Choose how you sign in from now on.' }
}

function NoInvite() {
  return (
    <Door
      pageName="Welcome"
      title="This link is incomplete"
      lead="A welcome link ends in a long code after a # sign. Open the whole link as you received it, or ask for a new one."
    >
      <SignInInstead />
    </Door>
  )
}

const INVITATIONS_REST = 'Invitations rest as long as that is so. Ask an administrator for an account, or open this link again later.'

/** While the workspace lets nobody make an account by themselves. */
export function NobodySignsUp({ lead }: { lead: string }) {
  return (
    <Door pageName="Make an account" title="Nobody can make an account here at present" lead={lead}>
      <SignInInstead />
    </Door>
  )
}

export function SignInInstead() {
  return (
    <Link href="/sign-in" className="mt-5 inline-block font-medium text-accent underline underline-offset-2">
      Sign in instead
    </Link>
  )
}

export function AlreadyIn({ name }: { name: string }) {
  return (
    <Door
      pageName="Welcome"
      title={`You are signed in as ${name}`}
      lead="This page makes a new account. To go on with it, sign out first, then open it again."
    >
      <Link href={HOME_PATH} className="mt-5 inline-block font-medium text-accent underline underline-offset-2">
        Go to General
      </Link>
    </Door>
  )
}
