import { type RefObject, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { type NewRoom, RefusalError } from '@belfry/client/belfry.ts'
import { NAME_MAX_CHARS, ROOM_DESCRIPTION_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { roomPath } from '#account/paths.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { settled } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Choice, Choices } from '#theme/choice.tsx'
import { Field, TextField } from '#theme/field.tsx'

export function NewRoomDialog({ onClose }: { onClose: () => void }) {
  const { form, mistake } = useNewRoom(onClose)
  const [isClosed, setClosed] = useState(false)
  return (
    <FormDialog title="New room" form={form} action="Make room" acting="Making…" onClose={onClose}>
      <Field label="Name" name="name" autoComplete="off" data-first maxLength={NAME_MAX_CHARS} mistake={mistake} />
      <TextField label="What it is for" name="description" rows={2} maxLength={ROOM_DESCRIPTION_MAX_CHARS} hint="May be left empty." />
      <Choices legend="Who can read it?">
        <Choice type="radio" name="kind" value="open" title="Everyone" checked={!isClosed} onChange={() => setClosed(false)}>
          Anyone on this server finds it, reads it and can join.
        </Choice>
        <Choice type="radio" name="kind" value="closed" title="Its members alone" checked={isClosed} onChange={() => setClosed(true)}>
          Nobody else learns that it is there. You add people.
        </Choice>
      </Choices>
      {isClosed && <HistoryChoices />}
    </FormDialog>
  )
}

function HistoryChoices() {
  return (
    <Choices legend="What do newcomers see?">
      <Choice type="radio" name="history" value="whole" title="All that was written" defaultChecked />
      <Choice type="radio" name="history" value="since-joined" title="What is written once they are there" />
    </Choices>
  )
}

/** With the same id again it is the same room, as it was made. What is asked otherwise is another one. */
function idFor(sent: RefObject<{ asked: string; id: string }>, room: Omit<NewRoom, 'id'>): string {
  const asked = JSON.stringify(room)
  if (sent.current.asked !== asked) sent.current = { asked, id: uuidv7() }
  return sent.current.id
}

function failureWords(error: unknown): string {
  return refusalWords(error, 'Make it again: it is made once.')
}

function useNewRoom(onClose: () => void) {
  const { belfry } = useAccount()
  const [, navigate] = useLocation()
  const [mistake, setMistake] = useState<string>()
  const sent = useRef({ asked: '', id: '' })
  const form = useForm(async (fields) => {
    const [name, description] = ['name', 'description'].map((field) => String(fields.get(field)).trim()) as [string, string]
    const kind = fields.get('kind') === 'closed' ? 'closed' : 'open'
    const history = fields.get('history') === 'since-joined' ? 'since-joined' : 'whole'
    if (name === '') return setMistake('Give the room a name.')
    setMistake(undefined)
    const id = idFor(sent, { name, description, kind, history })
    try {
      await settled(belfry.connection)
      await belfry.rooms.create({ id, name, description, kind, history })
    } catch (error) {
      if (!(error instanceof RefusalError && error.code === 'name-taken')) throw error
      return setMistake(refusalWords(error))
    }
    onClose()
    navigate(roomPath(id))
  }, failureWords)
  return { form, mistake }
}
