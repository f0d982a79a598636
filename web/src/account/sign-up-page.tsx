import { Door } from './door.tsx'
import { useObservable } from './observe.ts'
import { SignUpForm } from './sign-up-form.tsx'
import { useSession } from './use-account.ts'
import { useWorkspaceInfo } from './use-workspace-info.ts'
import { AskingPage } from './waiting-pages.tsx'
import { AlreadyIn, NobodySignsUp, SignInInstead } from './welcome-page.tsx'

/** Where anybody makes an account, as long as the workspace lets them. */
export function SignUpPage() {
  const workspace = useWorkspaceInfo()
  const state = useObservable(useSession().state)
  if (state.is === 'signed-in') return <AlreadyIn name={state.user.name} />
  if (workspace.is === 'asking') return <AskingPage />
  // Where the server did not say, it is asked by signing up, and has the last word.
  if (workspace.info?.signUp === 'closed') return <NobodySignsUp lead="Ask an administrator for one." />
  if (workspace.info?.signUp === 'invite') return <ByInvitation />
  return (
    <Door pageName="Make an account" title={`Join ${workspace.info?.name ?? 'Belfry'}`} lead="Choose how you sign in from now on.">
      <SignUpForm invite={null} />
    </Door>
  )
}

function ByInvitation() {
  return (
    <Door
      pageName="Make an account"
      title="Accounts are made by invitation"
      lead="Ask an administrator for a link, or for an account. If you have a link, open it as a whole."
    >
      <SignInInstead />
    </Door>
  )
}
