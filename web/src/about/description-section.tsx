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
  const [mistake, setMistake] = useState<string>()
  const form = useForm(async (fields) => {
    const [name, description] = ['name', 'description'].map((field) => String(fields.get(field)).trim()) as [string, string]
    if (name === '') return setMistake('A room needs a name.')
    setMistake(undefined)
    try {
      await room.update({ name, description })
      tell('Saved.')
    } catch (error) {
      if (!(error instanceof RefusalError && error.code === 'name-taken')) throw error
      setMistake(refusalWords(error))
    }
  })
  return (
    <form onSubmit={form.onSubmit} noValidate>
      <Field label="Name" name="name" autoComplete="off" defaultValue={view.name} maxLength={NAME_MAX_CHARS} mistake={mistake} />
      <TextField
        label="What it is for"
        name="description"
        rows={2}
        defaultValue={view.description}
        maxLength={ROOM_DESCRIPTION_MAX_CHARS}
      />
      <FormAlert>{form.failure}</FormAlert>
      <Button type="submit" look="main" className="mt-4" disabled={form.isSending}>
        {form.isSending ? 'Saving…' : 'Save'}
      </Button>
    </form>
  )
}
