import { useRef, useState } from 'react'
import { Button } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { Section } from '#theme/section.tsx'
import { useNow } from '#theme/use-now.ts'
import { AskedList } from './asked-list.tsx'
import { InvitationRow } from './invitation-row.tsx'
import { NewInvitationDialog } from './new-invitation-dialog.tsx'
import { OFTEN_MS, useAsked } from './use-asked.ts'
import { usePages } from './use-pages.ts'

const PAGE_SIZE = 20

export function InvitationsSection() {
  const pages = usePages('invitations')
  const asked = useAsked('invite.list', { ...(pages.cursor && { cursor: pages.cursor }), limit: PAGE_SIZE }, { everyMs: OFTEN_MS })
  const heading = useRef<HTMLHeadingElement>(null)
  const [isAdding, setAdding] = useState(false)
  const now = useNow(30_000)
  return (
    <Section
      title="Invitations"
      heading={heading}
      action={
        <Button look="main" size="small" onClick={() => setAdding(true)}>
          <Icon name="plus" className="size-4" />
          New invitation
        </Button>
      }
    >
      <AskedList asked={asked} pages={pages} label="Invitations" empty={<NoInvitations />}>
        {(invitation) => (
          <InvitationRow
            key={invitation.id}
            {...{ invitation, now }}
            onChanged={asked.again}
            onFocusLost={() => heading.current?.focus()}
          />
        )}
      </AskedList>
      {isAdding && <NewInvitationDialog onClose={() => setAdding(false)} onAdded={asked.again} />}
    </Section>
  )
}

function NoInvitations() {
  return (
    <>
      <p className="font-bold text-ink">No invitations yet</p>
      <p className="mt-1 text-small">An invitation is a link. Who opens it chooses a user name and a password, and is in.</p>
    </>
  )
}
