import { useState } from 'react'
import { NAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { useAccount } from '#account/use-account.ts'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Button } from '#theme/button.tsx'
import { Field } from '#theme/field.tsx'
import { FormAlert, FormSaid } from '#theme/form-alert.tsx'
import { Section } from '#theme/section.tsx'

export function NameSection() {
  const { user } = useAccount()
  const call = useCall()
  const [typed, setTyped] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const name = typed ?? user.name
  const isChanged = name.trim() !== '' && name.trim() !== user.name
  const form = useForm(async () => {
    await call('me.update', { name: name.trim() })
    setTyped(null)
    setSaid('Your name is changed, also on what you wrote before.')
  })

  return (
    <Section title="Name" lead={`You sign in as ${user.username}. An administrator can change that.`}>
      <form onSubmit={form.onSubmit} className="flex max-w-md flex-wrap items-end gap-2">
        <div className="min-w-48 flex-1">
          <Field
            label="Name that others see"
            name="name"
            autoComplete="name"
            maxLength={NAME_MAX_CHARS}
            value={name}
            onChange={(event) => {
              setTyped(event.target.value)
              setSaid('')
            }}
          />
        </div>
        <Button type="submit" disabled={!isChanged || form.isSending} className="h-11">
          {form.isSending ? 'Saving…' : 'Save'}
        </Button>
      </form>
      <FormAlert>{form.failure}</FormAlert>
      <FormSaid>{said}</FormSaid>
    </Section>
  )
}
