import { useState } from 'react'
import type { Result } from '@belfry/protocol/commands.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Choice, Choices } from '#theme/choice.tsx'
import { SelectField } from '#theme/field.tsx'
import { type Invitation, invitationLink } from './invitation-words.ts'
import { stillAmong, useInvitableRooms } from './invitable-rooms.ts'
import { InvitedRooms } from './invited-rooms.tsx'
import { markOf } from './made-words.ts'
import { SecretField, ShownOnceDialog } from './shown-once-dialog.tsx'

const NO_BOUND = ''
const A_DAY_MS = 24 * 60 * 60 * 1000

const USES = { '1': 'One person', '5': 'Up to 5 people', '25': 'Up to 25 people', [NO_BOUND]: 'Any number of people' }
const DAYS = { '1': 'For 1 day', '7': 'For 7 days', '30': 'For 30 days', [NO_BOUND]: 'Until it is revoked' }

const LEAD = 'Pass it on to those whom you invite. It is shown this once.'

export function NewInvitationDialog({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const call = useCall()
  const [made, setMade] = useState<Result<'invite.create'> | null>(null)
  const [role, setRole] = useState<Invitation['role']>('member')
  const [chosen, choose] = useState<readonly string[]>([])
  const invitable = useInvitableRooms()
  const rooms = stillAmong(invitable.rooms, chosen)
  const form = useForm(async (fields) => {
    const [usesMax, days] = ['usesMax', 'days'].map((field) => bound(fields.get(field))) as [number | null, number | null]
    setMade(await call('invite.create', { role, rooms, usesMax, lastsMs: days === null ? null : days * A_DAY_MS }))
    onAdded()
  })

  if (made) {
    const link = invitationLink(location.origin, made.secret)
    return (
      <ShownOnceDialog
        title="Your invitation"
        lead={`${LEAD} The list marks it ${markOf(made)}.`}
        text={link}
        copy="Copy link"
        onClose={onClose}
      >
        <SecretField label="Link" secret={link} />
      </ShownOnceDialog>
    )
  }
  return (
    <FormDialog
      title="New invitation"
      form={form}
      action="Create link"
      acting="Creating…"
      isIdle={role === 'guest' && rooms.length === 0}
      onClose={onClose}
    >
      <SelectField label="Whom it lets in" name="usesMax" defaultValue="1">
        {options(USES)}
      </SelectField>
      <SelectField label="How long" name="days" defaultValue="7">
        {options(DAYS)}
      </SelectField>
      <Choices legend="What they are here">
        <Choice type="radio" name="role" title="Members" checked={role === 'member'} onChange={() => setRole('member')}>
          They find all open rooms and all people.
        </Choice>
        <Choice type="radio" name="role" title="Guests" checked={role === 'guest'} onChange={() => setRole('guest')}>
          They see the rooms alone that you choose, and the people there.
        </Choice>
      </Choices>
      <InvitedRooms invitable={invitable} chosen={rooms} isNeeded={role === 'guest'} onChoose={choose} />
    </FormDialog>
  )
}

/** In the order of growing bounds, without any at the end. */
function options(words: Record<string, string>) {
  return Object.entries(words)
    .toSorted(([a], [b]) => (bound(a) ?? Infinity) - (bound(b) ?? Infinity))
    .map(([value, label]) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))
}

function bound(value: FormDataEntryValue | null): number | null {
  return value === NO_BOUND || value === null ? null : Number(value)
}
