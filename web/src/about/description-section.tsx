import { useState } from 'react'
import { RefusalError, type RoomHandle, type RoomView } from '@belfry/client/belfry.ts'
import { NAME_MAX_CHARS, ROOM_DESCRIPTION_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useForm } from '#account/use-form.ts'
import { tell } from '#shell/notice.tsx'
import { Button } from '#theme/button.tsx'
import { Field, TextField } from '#theme/field.tsx'
import { FormAlert } from '#theme/form-alert.tsx'
import { Section } from '#theme/section.tsx'

interface DescriptionSectionProps {
  room: RoomHandle
  view: RoomView
  mayChange: boolean
}

export function DescriptionSection({ room, view, mayChange }: DescriptionSectionProps) {
  if (!mayChange) return <Section title="About" lead={view.description || 'Nobody has described this room yet.'} />
  return (
    <Section title="About">
      <DescriptionForm room={room} view={view} />
    </Section>
  )
}

function DescriptionForm({ room, view }: { room: RoomHandle; view: RoomView }) {
  const [name, setName] = useText(view.name)
  const [description, setDescription] = useText(view.description)
  const [mistake, setMistake] = useState<string>()
  // What one did not change may be another by now.
  const changes = {
    ...(name.trim() !== view.name && { name: name.trim() }),
    ...(description.trim() !== view.description && { description: description.trim() }),
  }
  const isChanged = Object.keys(changes).length > 0
  const form = useForm(async () => {
    if (name.trim() === '') return setMistake('A room needs a name.')
    setMistake(undefined)
    try {
      await room.update(changes)
      tell('Saved.')
    } catch (error) {
      if (!(error instanceof RefusalError && error.code === 'name-taken')) throw error
      setMistake(refusalWords(error))
    }
  })
  return (
    <form onSubmit={form.onSubmit} noValidate>
      <Field
        label="Name"
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={NAME_MAX_CHARS}
        mistake={mistake}
      />
      <TextField
        label="What it is for"
        rows={2}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
        maxLength={ROOM_DESCRIPTION_MAX_CHARS}
      />
      <FormAlert>{form.failure}</FormAlert>
      <Button type="submit" look="main" className="mt-4" disabled={!isChanged || form.isSending}>
        {form.isSending ? 'Saving…' : 'Save'}
      </Button>
    </form>
  )
}

/** The text as it is stored, also when somebody else changes it, until one writes another one. */
function useText(stored: string) {
  const [text, setText] = useState(stored)
  const [known, setKnown] = useState(stored)
  if (stored !== known) {
    setKnown(stored)
    if (text === known) setText(stored)
  }
  return [text, setText] as const
}
