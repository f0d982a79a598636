import { CSPProvider } from '@base-ui/react/csp-provider'
import { Redirect, Route, Switch } from 'wouter'
import { HOME_PATH } from '#account/paths.ts'
import type { Session } from '#account/session.ts'
import { SignInPage } from '#account/sign-in-page.tsx'
import { SignUpPage } from '#account/sign-up-page.tsx'
import { SignedInOnly } from '#account/signed-in-only.tsx'
import { SessionContext } from '#account/use-account.ts'
import { WelcomePage } from '#account/welcome-page.tsx'
import { AdminPage } from '#admin/admin-page.tsx'
import { laterPart } from '#theme/later-part.tsx'
import { Bell } from '#inbox/bell.tsx'
import { useDesktopNotifications } from '#inbox/desktop-notifications.ts'
import { InboxPage } from '#inbox/inbox-page.tsx'
import { Toasts } from '#inbox/toasts.tsx'
import { ProfilePage } from '#profile/profile-page.tsx'
import { RoomPage } from '#room/room-page.tsx'
import { ConnectionWatch } from '#shell/connection-watch.tsx'
import { CrashGuard } from '#shell/crash-guard.tsx'
import { NotFoundPage } from '#shell/not-found-page.tsx'
import { Notice } from '#shell/notice.tsx'
import { Shell } from '#shell/shell.tsx'
import { useShownRoom } from '#shell/shown-room.ts'
import { useIdleness } from '#shell/use-idleness.ts'
import { usePreload } from '#shell/use-preload.ts'

const BrowsePage = laterPart(() => import('#browse/browse-page.tsx').then((part) => part.BrowsePage))
const AboutPage = laterPart(() => import('#about/about-page.tsx').then((part) => part.AboutPage))

export function App({ session }: { session: Session }) {
  return (
    <CSPProvider disableStyleElements>
      <CrashGuard>
        <SessionContext value={session}>
          <Switch>
            <Route path={/^\/(?:chat\/?)?$/}>
              <Redirect to={HOME_PATH} replace />
            </Route>
            <Route path="/sign-in">
              <SignInPage />
            </Route>
            <Route path="/sign-up">
              <SignUpPage />
            </Route>
            <Route path="/welcome">
              <WelcomePage />
            </Route>
            <Route
              path={/^\/(?:(?:inbox|account|browse|about\/[^/]+|rooms(?:\/[^/]+){0,2}|trigger-notification\/[^/]+)\/?|admin(?:\/.*)?)$/}
            >
              <SignedInOnly>
                <Pages />
              </SignedInOnly>
            </Route>
            <Route>
              <NotFoundPage />
            </Route>
          </Switch>
        </SessionContext>
      </CrashGuard>
    </CSPProvider>
  )
}

function Pages() {
  useDesktopNotifications()
  usePreload()
  useIdleness()
  const room = useShownRoom()
  return (
    <ConnectionWatch>
      <Shell roomId={room?.roomId ?? null} bell={<Bell />}>
        <Switch>
          <Route path="/inbox">
            <InboxPage />
          </Route>
          <Route path="/browse">
            <BrowsePage actions={<Bell />} />
          </Route>
          <Route path="/about/:roomId">{({ roomId }) => <AboutPage key={roomId} roomId={roomId} actions={<Bell />} />}</Route>
          <Route path="/account">
            <ProfilePage actions={<Bell />} />
          </Route>
          <Route path="/admin/*?">
            <AdminPage actions={<Bell />} />
          </Route>
          {/* An address of old: it leads to the form, which rings nobody's bell by itself. */}
          <Route path="/trigger-notification/:user">
            {({ user }) => <Redirect to={`/admin/notify?to=${encodeURIComponent(user)}`} replace />}
          </Route>
          <Route>{room && <RoomPage {...room} actions={<Bell />} />}</Route>
        </Switch>
      </Shell>
      <Toasts />
      <Notice />
    </ConnectionWatch>
  )
}
