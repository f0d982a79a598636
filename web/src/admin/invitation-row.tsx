import { useEffect } from 'react'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useCall } from '#account/use-call.ts'
import { Badge } from '#theme/badge.tsx'
import { clock, shortDay } from '#theme/times.ts'
import { endWords, type Invitation, leadsWords, usesWords, whomWords } from './invitation-words.ts'
import { ListRow } from '#theme/list-row.tsx'
import { madeWords, markOf } from './made-words.ts'
import { RevokeButton } from './revoke-button.tsx'

interface InvitationRowProps {
  invitation: Invitation
  now: number
  onChanged: () => void
  onFocusLost: () => void
}

export function InvitationRow({ invitation, now, onChanged, onFocusLost }: InvitationRowProps) {
  const call = useCall()
  const maker = useMaker(invitation.createdBy)
  const leads = leadsWords(invitation, useNames(invitation.rooms))
  const ended = endWords(invitation, now)
  return (
    <ListRow
      icon="letter"
      isDim={ended !== null}
      title={whomWords(invitation.usesMax)}
      badge={ended && <Badge tone={ended === 'Revoked' ? 'bad' : 'plain'}>{ended}</Badge>}
      facts={[
        leads,
        usesWords(invitation.uses),
        ended ? null : validity(invitation, now),
        `${madeWords(invitation, now)} ${maker}`,
        markOf(invitation),
      ]}
    >
      {(!ended || ended === 'Leads nowhere') && (
        <RevokeButton
          title="Revoke this invitation?"
          words={`It was ${madeWords(invitation, now)} ${maker} (${markOf(invitation)}). Its link lets nobody in any more. Accounts that were made with it stay.`}
          onRevoke={() => call('invite.revoke', { id: invitation.id })}
          onRevoked={onChanged}
          onFocusLost={onFocusLost}
        />
      )}
    </ListRow>
  )
}

function useMaker(userId: string | null): string {
  const { belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  useEffect(() => {
    if (userId !== null) belfry.people.ask(userId)
  }, [userId, belfry])
  return userId === null ? 'on the server' : `by ${known.get(userId)?.name ?? '…'}`
}

function useNames(roomIds: readonly string[]): string[] {
  const { items } = useObservable(useAccount().belfry.rooms.list)
  return items.filter(({ id }) => roomIds.includes(id)).map(({ name }) => name)
}

function validity({ expiresAt }: Invitation, now: number): string {
  return expiresAt === null ? 'does not expire' : `until ${shortDay(expiresAt, now)}, ${clock(expiresAt)}`
}
