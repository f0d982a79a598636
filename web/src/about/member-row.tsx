import { useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import type { Member, User } from '@belfry/protocol/rows.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { tell } from '#shell/notice.tsx'
import { isAtLeast, isForAll } from '#shell/room-power.ts'
import { Badge } from '#theme/badge.tsx'
import { Button } from '#theme/button.tsx'
import { Face } from '#theme/face.tsx'
import { Icon } from '#theme/icons.tsx'

interface MemberRowProps {
  room: RoomHandle
  member: Member
  person: User | undefined
  /** As what one acts there. */
  role: RoomView['role']
  onChanged: () => void
}

const ROLES: Record<Member['role'], string> = { owner: 'Owner', moderator: 'Moderator', member: 'Member' }

export function MemberRow({ room, member, person, role, onChanged }: MemberRowProps) {
  const { user } = useAccount()
  const [isBusy, setBusy] = useState(false)
  const name = person?.name ?? '…'
  const mayRemove = member.id !== user.id && !isForAll(room.id) && isAtLeast(role, member.role === 'member' ? 'moderator' : 'owner')

  async function act(deed: () => Promise<unknown>): Promise<void> {
    setBusy(true)
    try {
      await deed()
    } catch (error) {
      tell(refusalWords(error))
    }
    setBusy(false)
    onChanged()
  }

  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line py-2.5 not-first:border-t">
      <Face id={member.id} name={name} picture={person?.picture ?? null} size="small" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {name}
          {member.id === user.id && <span className="text-ink-3"> (you)</span>}
        </p>
        <p className="truncate text-small text-ink-3">{person?.username}</p>
      </div>
      {role === 'owner' ? (
        <RoleSelect
          name={name}
          role={member.role}
          disabled={isBusy}
          onChoose={(chosen) => void act(() => room.setRole(member.id, chosen))}
        />
      ) : (
        member.role !== 'member' && <Badge>{ROLES[member.role]}</Badge>
      )}
      {mayRemove && (
        <Button size="small" disabled={isBusy} aria-label={`Remove ${name}`} onClick={() => void act(() => room.removeMember(member.id))}>
          Remove
        </Button>
      )}
    </li>
  )
}

interface RoleSelectProps {
  name: string
  role: Member['role']
  disabled: boolean
  onChoose: (role: Member['role']) => void
}

function RoleSelect({ name, role, disabled, onChoose }: RoleSelectProps) {
  return (
    <span className="relative flex-none">
      <select
        aria-label={`Role of ${name}`}
        value={role}
        disabled={disabled}
        onChange={(event) => onChoose(event.target.value as Member['role'])}
        className="h-8 appearance-none rounded-medium border border-edge bg-ground pr-8 pl-2.5 text-small outline-none focus:border-accent focus:ring-3 focus:ring-halo coarse:h-11"
      >
        {Object.entries(ROLES).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      <Icon name="down" className="pointer-events-none absolute top-2 right-2.5 size-4 text-ink-3 coarse:top-3.5" />
    </span>
  )
}
