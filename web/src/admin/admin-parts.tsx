import { Redirect, Route, Switch } from 'wouter'
import { InvitationsPart } from './invitations-part.tsx'
import { KeysPart } from './keys-part.tsx'
import { NotifyPart } from './notify-part.tsx'
import { PeoplePart } from './people-part.tsx'
import { ServerPart } from './server-part.tsx'

/** All of administration, loaded when an administrator first goes there. */
export function AdminParts() {
  return (
    <Switch>
      <Route path="/admin/people">
        <PeoplePart />
      </Route>
      <Route path="/admin/invitations">
        <InvitationsPart />
      </Route>
      <Route path="/admin/keys">
        <KeysPart />
      </Route>
      <Route path="/admin/notify">
        <NotifyPart />
      </Route>
      <Route path="/admin/server">
        <ServerPart />
      </Route>
      <Route>
        <Redirect to="/admin/people" replace />
      </Route>
    </Switch>
  )
}
