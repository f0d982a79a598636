import { SignUpSection } from './sign-up-section.tsx'
import { InvitationsSection } from './invitations-section.tsx'
import { WorkspaceNameSection } from './workspace-name-section.tsx'

/** Who may come in, and how. */
export function InvitationsPart() {
  return (
    <>
      <SignUpSection />
      <InvitationsSection />
      <WorkspaceNameSection />
    </>
  )
}
