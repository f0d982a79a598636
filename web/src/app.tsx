import { CSPProvider } from '@base-ui/react/csp-provider'
import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import type { Session } from '#account/session.ts'
import { SignInPage } from '#account/sign-in-page.tsx'
import { SignedInOnly } from '#account/signed-in-only.tsx'
import { SessionContext } from '#account/use-account.ts'
import { WelcomePage } from '#account/welcome-page.tsx'
import { Bell } from '#inbox/bell.tsx'
import { useDesktopNotifications } from '#inbox/desktop-notifications.ts'
import { Toasts } from '#inbox/toasts.tsx'
import { RoomPage } from '#room/room-page.tsx'
import { NotFoundPage } from '#shell/not-found-page.tsx'
import { Shell } from '#shell/shell.tsx'

// The room comes first; the inbox's page follows when it is asked for.
const InboxPage = lazy(() => import('#inbox/inbox-page.tsx').then((module) => ({ default: module.InboxPage })))

export function App({ session }: { session: Session }) {
  return (
    <CSPProvider disableStyleElements>
      <SessionContext value={session}>
        <Switch>
          <Route path="/">
            <Redirect to="/chat" replace />
          </Route>
          <Route path="/sign-in">
            <SignInPage />
          </Route>
          <Route path="/welcome">
            <WelcomePage />
          </Route>
          <Route path={/^\/(?:chat|inbox)\/?$/}>
            <SignedInOnly>
              <Pages />
            </SignedInOnly>
          </Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </SessionContext>
    </CSPProvider>
  )
}

function Pages() {
  useDesktopNotifications()
  return (
    <>
      <Shell>
        <Switch>
          <Route path="/inbox">
            <Suspense>
              <InboxPage />
            </Suspense>
          </Route>
          <Route>
            <RoomPage roomId={GENERAL_ROOM} actions={<Bell />} />
          </Route>
        </Switch>
      </Shell>
      <Toasts />
    </>
  )
}
