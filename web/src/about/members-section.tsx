import { useEffect } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { isAtLeast, isForAll } from '#shell/room-power.ts'
import { Button } from '#theme/button.tsx'
import { FailedLine } from '#theme/failed-line.tsx'
import { numberWords } from '#theme/number-words.ts'
import { Section } from '#theme/section.tsx'
import { AddPeople } from './add-people.tsx'
import { MemberRow } from './member-row.tsx'
import { useMembers } from './use-members.ts'

interface MembersSectionProps {
  room: RoomHandle
  view: RoomView
  /** As what one acts there. */
  role: RoomView['role']
}

export function MembersSection({ room, view, role }: MembersSectionProps) {
  const { people } = useAccount().belfry
  const known = useObservable(people.known)
  const members = useMembers(room, view.membersChanged)
  useEffect(() => {
    for (const { id } of members.items) people.ask(id)
  }, [members.items, people])
  const least = view.kind === 'closed' ? 'moderator' : 'member'
  const mayAdd = !view.isPair && view.archivedAt === null && !isForAll(room.id) && isAtLeast(role, least)

  return (
    <Section title={members.total === null ? 'Members' : `Members (${numberWords(members.total)})`}>
      {mayAdd && <AddPeople room={room} members={members.items} onAdded={members.again} />}
      {members.failure && (
        <p role="alert" className="py-3 text-ink-2">
          <FailedLine onTryAgain={members.again}>{members.failure}</FailedLine>
        </p>
      )}
      <ul aria-label="Members" className="mt-2">
        {members.items.map((member) => (
          <MemberRow key={member.id} {...{ room, view, member, role }} person={known.get(member.id)} onChanged={members.changed} />
        ))}
      </ul>
      {members.more && (
        <Button size="small" className="mt-3" onClick={members.more}>
          Show more
        </Button>
      )}
    </Section>
  )
}
