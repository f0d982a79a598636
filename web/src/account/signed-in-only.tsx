import { type ReactNode, useEffect } from 'react'
import { useLocation } from 'wouter'
import { EndedPage } from './ended-page.tsx'
import { signInPath } from './next-path.ts'
import { useObservable } from './observe.ts'
import { AskingPage, UnreachablePage } from './waiting-pages.tsx'
import { AccountContext, useSession } from './use-account.ts'

/** Everything below belongs to one account; nobody signed in goes to the sign-in page and comes back to here. */
export function SignedInOnly({ children }: { children: ReactNode }) {
  const state = useObservable(useSession().state)
  switch (state.is) {
    case 'asking':
      return <AskingPage />
    case 'unreachable':
      return <UnreachablePage refusal={state.refusal} />
    case 'signed-out':
      return <ToSignIn />
    case 'ended':
      return <EndedPage user={state.user} reason={state.reason} />
    case 'signed-in':
      return (
        <AccountContext value={state} key={state.user.id}>
          {children}
        </AccountContext>
      )
    default:
      return state satisfies never
  }
}

function ToSignIn() {
  const [, navigate] = useLocation()
  useEffect(() => navigate(signInPath(location.pathname + location.search), { replace: true }), [navigate])
  return null
}
