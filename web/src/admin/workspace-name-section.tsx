import { useState } from 'react'
import { NAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { useForm } from '#account/use-form.ts'
import { Button } from '#theme/button.tsx'
import { Field } from '#theme/field.tsx'
import { FormAlert } from '#theme/form-alert.tsx'
import { Section } from '#theme/section.tsx'
import { useWorkspace } from './use-workspace.ts'

export function WorkspaceNameSection() {
  const { workspace, save } = useWorkspace()
  const [typed, setTyped] = useState<string | null>(null)
  const name = typed ?? workspace?.name ?? ''
  const form = useForm(async () => {
    await save({ name: name.trim() })
    setTyped(null)
  })
  const isChanged = name.trim() !== '' && name.trim() !== workspace?.name
  return (
    <Section title="Name of the workspace" lead="Who signs in or opens an invitation reads it.">
      <form onSubmit={form.onSubmit} className="flex max-w-md flex-wrap items-end gap-2">
        <div className="min-w-48 flex-1">
          <Field
            label="Name"
            name="name"
            value={name}
            maxLength={NAME_MAX_CHARS}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <Button type="submit" disabled={!isChanged || form.isSending} className="h-11">
          {form.isSending ? 'Saving…' : 'Save'}
        </Button>
      </form>
      <FormAlert>{isChanged ? form.failure : null}</FormAlert>
    </Section>
  )
}
