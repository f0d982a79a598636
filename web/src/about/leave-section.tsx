import { useState } from 'react'
import { useLocation } from 'wouter'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { HOME_PATH } from '#account/paths.ts'
import { useForm } from '#account/use-form.ts'
import { tell } from '#shell/notice.tsx'
import { Button } from '#theme/button.tsx'
import { Section } from '#theme/section.tsx'

export function LeaveSection({ room, view }: { room: RoomHandle; view: RoomView }) {
  const [isAsked, setAsked] = useState(false)
  const name = view.people === null ? view.name : 'this conversation'
  const means =
    view.kind === 'open'
      ? 'You can read it and come back whenever you like.'
      : 'You will not see it any more. To come back, somebody has to add you.'
  return (
    <Section title="Leave" lead={means}>
      <Button className="mt-3" onClick={() => setAsked(true)}>
        Leave {name}…
      </Button>
      {isAsked && <LeaveDialog room={room} name={name} means={means} onClose={() => setAsked(false)} />}
    </Section>
  )
}

function LeaveDialog({ room, name, means, onClose }: { room: RoomHandle; name: string; means: string; onClose: () => void }) {
  const [, navigate] = useLocation()
  const form = useForm(async () => {
    await room.leave()
    navigate(HOME_PATH)
    tell(`You have left ${name}.`)
  })
  return (
    <FormDialog title={`Leave ${name}?`} isGrave form={form} action="Leave" acting="Leaving…" onClose={onClose}>
      <p className="text-ink-2">{means}</p>
    </FormDialog>
  )
}
