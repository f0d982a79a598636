import { useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import type { Member } from '@belfry/protocol/rows.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { useForm } from '#account/use-form.ts'
import { MEANINGS, ROLES } from './role-words.ts'

interface MemberDialogProps {
  room: RoomHandle
  view: RoomView
  member: Member
  name: string
  isOneself: boolean
  onChanged: (member: Member) => void
  onClose: () => void
  onFocusLost: () => void
}

export function RemoveDialog({ room, view, member, name, onChanged, onClose, onFocusLost }: MemberDialogProps) {
  const form = useForm(async () => {
    const ended = await room.removeMember(member.id)
    onClose()
    onChanged(ended)
  })
  return (
    <FormDialog
      title={`Remove ${name} from ${view.name}?`}
      isGrave
      form={form}
      action="Remove"
      acting="Removing…"
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <p className="text-ink-2">
        {view.kind === 'open'
          ? `${name} can go on reading it, and join again.`
          : `${name} loses it at once, on every device. What ${name} wrote stays.`}
      </p>
    </FormDialog>
  )
}

export function RoleDialog({
  room,
  member,
  name,
  isOneself,
  role,
  onChanged,
  onClose,
  onFocusLost,
}: MemberDialogProps & { role: Member['role'] }) {
  const [isGivingUp] = useState(isOneself && member.role === 'owner')
  const form = useForm(async () => {
    const changed = await room.setRole(member.id, role)
    onClose()
    onChanged(changed)
  })
  return (
    <FormDialog
      title={isGivingUp ? 'Give up being an owner?' : `Make ${name} ${role === 'owner' ? 'an owner' : `a ${role}`}?`}
      isGrave={isGivingUp}
      form={form}
      action={isGivingUp ? 'Give it up' : `Make ${ROLES[role].toLowerCase()}`}
      acting="Changing…"
      isDone={member.role === role}
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <p className="text-ink-2">{isGivingUp ? 'Only another owner can make you one again.' : MEANINGS[role]}</p>
    </FormDialog>
  )
}
