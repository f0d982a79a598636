import { useRef, useState } from 'react'
import { useSearch } from 'wouter'
import { RefusalError } from '@belfry/client/belfry.ts'
import { NOTIFICATION_BODY_MAX_CHARS, TITLE_MAX_CHARS, URL_MAX_CHARS } from '@belfry/protocol/limits.ts'
import type { Notification } from '@belfry/protocol/rows.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Button } from '#theme/button.tsx'
import { Field, SelectField, TextField } from '#theme/field.tsx'
import { FormAlert } from '#theme/form-alert.tsx'
import { Section } from '#theme/section.tsx'
import { failureWords, fieldMistakes, type NotifyField, recipientsIn, storedWords } from './notify-words.ts'

const PRIORITIES: Record<Notification['priority'], string> = {
  low: 'Low: waits in the inbox, calls nobody',
  normal: 'Normal',
  high: 'High: marked as important',
  urgent: 'Urgent: stays on the screen until it is dismissed',
}

/** Rings somebody's bell by hand. Sent by the button alone: an address with `?to=` fills in the form and changes nothing. */
export function NotifyPart() {
  const to = new URLSearchParams(useSearch()).get('to') ?? ''
  const { form, mistakes, stored, onEdit } = useNotify()
  return (
    <Section title="Notify" lead="Rings the bell of the people named, and of nobody else. It waits until they return.">
      <form key={to} onSubmit={form.onSubmit} onInput={onEdit} noValidate className="max-w-xl">
        <Field
          label="To"
          name="to"
          defaultValue={to}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          hint="User names or ids; several with commas"
          mistake={mistakes.to}
        />
        <Field label="Title" name="title" autoComplete="off" maxLength={TITLE_MAX_CHARS} mistake={mistakes.title} autoFocus={to !== ''} />
        <TextField label="Text (optional)" name="body" rows={3} maxLength={NOTIFICATION_BODY_MAX_CHARS} mistake={mistakes.body} />
        <Field
          label="Link (optional)"
          name="url"
          autoComplete="off"
          spellCheck={false}
          maxLength={URL_MAX_CHARS}
          hint="Where a click leads: https://…, or a path on this server"
          mistake={mistakes.url}
        />
        <SelectField label="Priority" name="priority" defaultValue="normal">
          {Object.entries(PRIORITIES).map(([priority, words]) => (
            <option key={priority} value={priority}>
              {words}
            </option>
          ))}
        </SelectField>
        <FormAlert>{form.failure}</FormAlert>
        <div className="mt-6 flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button type="submit" look="main" disabled={form.isSending}>
            {form.isSending ? 'Sending…' : 'Send'}
          </Button>
          <p role="status" className="font-medium [overflow-wrap:anywhere]">
            {stored}
          </p>
        </div>
      </form>
    </Section>
  )
}

function useNotify() {
  const call = useCall()
  const [mistakes, setMistakes] = useState<Partial<Record<NotifyField, string>>>({})
  const [stored, setStored] = useState('')
  // The same words sent again because the answer was lost do not ring again [N2]. Null: nothing was written since the last were stored.
  const key = useRef<string | null>(uuidv7())
  const form = useForm(async (fields, element) => {
    if (key.current === null) return
    setStored('')
    const { to, ...notification } = read(fields)
    const found = { ...(to.length === 0 && { to: 'Say whom to notify.' }), ...(!notification.title && { title: 'Say what it is about.' }) }
    setMistakes(found)
    if (Object.keys(found).length > 0) return element.querySelector<HTMLElement>(`[name=${Object.keys(found)[0]}]`)?.focus()
    try {
      const { suppressed } = await call('notification.publish', { to, ...notification, key: key.current })
      const quiet = suppressed.map((one) => one.to)
      setStored(storedWords(to, quiet))
    } catch (error) {
      if (error instanceof RefusalError) setMistakes(fieldMistakes(error))
      if (error instanceof RefusalError && Object.keys(fieldMistakes(error)).length > 0) return
      throw error
    }
    key.current = null
    for (const name of ['title', 'body', 'url']) element.querySelector<HTMLInputElement>(`[name=${name}]`)!.value = ''
  }, failureWords)

  function onEdit(): void {
    key.current = uuidv7()
  }

  return { form, mistakes, stored, onEdit }
}

function read(fields: FormData) {
  const field = (name: string) => String(fields.get(name)).trim()
  const [body, url] = [field('body'), field('url')]
  const priority = field('priority') as Notification['priority']
  return { to: recipientsIn(field('to')), title: field('title'), ...(body && { body }), ...(url && { url }), priority }
}
