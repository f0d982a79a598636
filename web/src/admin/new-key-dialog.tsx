import { useState } from 'react'
import type { Scope } from '@belfry/protocol/commands.ts'
import { NAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Choice, Choices } from '#theme/choice.tsx'
import { Field } from '#theme/field.tsx'
import { markOf } from './made-words.ts'
import { exampleRequest, SCOPE_WORDS, SCOPES } from './scopes.ts'
import { SecretField, ShownOnceDialog } from './shown-once-dialog.tsx'

interface MadeKey {
  id: string
  key: string
  scopes: Scope[]
}

export function NewKeyDialog({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const { form, mistakes, made } = useNewKey(onAdded)
  if (made) return <MadeKeyDialog made={made} onClose={onClose} />
  return (
    <FormDialog title="New key" form={form} action="Create key" acting="Creating…" onClose={onClose}>
      <Field
        label="Name"
        name="name"
        maxLength={NAME_MAX_CHARS}
        autoComplete="off"
        hint="The program that will use it: ci, billing, backups"
        mistake={mistakes.name}
      />
      <Choices legend="What it opens">
        {SCOPES.map((scope) => (
          <Choice
            key={scope}
            type="checkbox"
            name="scope"
            value={scope}
            title={SCOPE_WORDS[scope].title}
            defaultChecked={scope === 'notify'}
          >
            {SCOPE_WORDS[scope].words}
          </Choice>
        ))}
        {mistakes.scopes && <p className="text-small text-bad">{mistakes.scopes}</p>}
      </Choices>
    </FormDialog>
  )
}

function useNewKey(onAdded: () => void) {
  const call = useCall()
  const [mistakes, setMistakes] = useState<{ name?: string; scopes?: string }>({})
  const [made, setMade] = useState<MadeKey | null>(null)
  const form = useForm(async (fields) => {
    const name = String(fields.get('name')).trim()
    const scopes = fields.getAll('scope') as Scope[]
    const found = { ...(!name && { name: 'Name the key.' }), ...(scopes.length === 0 && { scopes: 'Choose at least one.' }) }
    setMistakes(found)
    if (Object.keys(found).length > 0) return
    const { id, key } = await call('key.create', { name, scopes })
    setMade({ id, key, scopes })
    onAdded()
  })
  return { form, mistakes, made }
}

const LEAD = 'Keep it where the program finds it, and nobody else. It is shown this once.'

function MadeKeyDialog({ made, onClose }: { made: MadeKey; onClose: () => void }) {
  const example = made.scopes.includes('notify') && (
    <>
      <p className="mt-4 mb-1.5 font-medium">Try it</p>
      <pre className="overflow-x-auto rounded-medium border border-line bg-ground px-3 py-2.5 font-mono text-tiny leading-normal select-all">
        {exampleRequest(location.origin, made.key)}
      </pre>
    </>
  )
  return (
    <ShownOnceDialog title="Your key" lead={`${LEAD} The list marks it ${markOf(made)}.`} text={made.key} copy="Copy key" onClose={onClose}>
      <SecretField label="Key" secret={made.key} />
      {example}
    </ShownOnceDialog>
  )
}
