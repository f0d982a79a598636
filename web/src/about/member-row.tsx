import { useRef, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import type { Member, User } from '@belfry/protocol/rows.ts'
import { PresentFace } from '#account/present-face.tsx'
import { useAccount } from '#account/use-account.ts'
import { isAtLeast, isForAll } from '#shell/room-power.ts'
import { Badge } from '#theme/badge.tsx'
import { Button } from '#theme/button.tsx'
import { Select } from '#theme/select.tsx'
import { RemoveDialog, RoleDialog } from './member-dialogs.tsx'
import { ROLES } from './role-words.ts'

interface MemberRowProps {
  room: RoomHandle
  view: RoomView
  member: Member
  person: User | undefined
  /** As what one acts there. */
  role: RoomView['role']
  onChanged: (member: Member) => void
}

type Asked = { is: 'remove' } | { is: 'role'; role: Member['role'] }

export function MemberRow({ room, view, member, person, role, onChanged }: MemberRowProps) {
  const { user } = useAccount()
  const row = useRef<HTMLLIElement>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  const name = person?.name ?? '…'
  const isOneself = member.id === user.id
  const mayRemove = !isOneself && !isForAll(room.id) && isAtLeast(role, member.role === 'member' ? 'moderator' : 'owner')
  const dialog = {
    room,
    view,
    member,
    name,
    isOneself,
    onChanged,
    onClose: () => setAsked(null),
    onFocusLost: () => focusBeside(row.current),
  }

  return (
    <li ref={row} tabIndex={-1} className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line py-2.5 outline-none not-first:border-t">
      <PresentFace id={member.id} name={name} picture={person?.picture ?? null} size="small" />
      <div className="min-w-36 flex-1">
        <p className="truncate font-medium">
          {name}
          {isOneself && <span className="text-ink-3"> (you)</span>}
        </p>
        <p className="truncate text-small text-ink-3">{person?.username}</p>
      </div>
      <div className="ml-auto flex items-center gap-3">
        {role === 'owner' ? (
          <RoleSelect name={name} role={member.role} onChoose={(chosen) => setAsked({ is: 'role', role: chosen })} />
        ) : (
          member.role !== 'member' && <Badge>{ROLES[member.role]}</Badge>
        )}
        {mayRemove && (
          <Button size="small" aria-label={`Remove ${name}`} onClick={() => setAsked({ is: 'remove' })}>
            Remove…
          </Button>
        )}
      </div>
      {asked?.is === 'remove' && <RemoveDialog {...dialog} />}
      {asked?.is === 'role' && <RoleDialog {...dialog} role={asked.role} />}
    </li>
  )
}

/** Whoever was removed is no row any more: their neighbour is. */
function focusBeside(row: HTMLElement | null): void {
  const rows = [...document.querySelectorAll<HTMLElement>('ul[aria-label=Members] > li')]
  const at = row ? rows.indexOf(row) : -1
  ;(rows[at + 1] ?? rows[at - 1] ?? rows[0])?.focus()
}

interface RoleSelectProps {
  name: string
  role: Member['role']
  onChoose: (role: Member['role']) => void
}

function RoleSelect({ name, role, onChoose }: RoleSelectProps) {
  return (
    <Select size="small" aria-label={`Role of ${name}`} value={role} onChange={(event) => onChoose(event.target.value as Member['role'])}>
      {Object.entries(ROLES).map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </Select>
  )
}
