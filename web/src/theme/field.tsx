import { type ComponentProps, type ReactNode, useId } from 'react'
import { Select } from './select.tsx'

interface Labelling {
  label: string
  hint?: string | undefined
  /** Replaces the hint. */
  mistake?: string | undefined
}

const LOOK =
  'w-full rounded-medium border border-edge bg-ground text-touch outline-none focus:border-accent focus:ring-3 focus:ring-halo aria-invalid:border-bad'

/** A labelled input, with a hint that a mistake replaces. */
export function Field({ label, hint, mistake, ...input }: ComponentProps<'input'> & Labelling) {
  const { labelling, control } = useLabelling({ label, hint, mistake })
  return (
    <Labelled {...labelling}>
      <input {...input} {...control} className={`h-11 px-3 ${LOOK}`} />
    </Labelled>
  )
}

/** The same for more than a line. */
export function TextField({ label, hint, mistake, ...area }: ComponentProps<'textarea'> & Labelling) {
  const { labelling, control } = useLabelling({ label, hint, mistake })
  return (
    <Labelled {...labelling}>
      <textarea rows={4} {...area} {...control} className={`block resize-y px-3 py-2.5 ${LOOK}`} />
    </Labelled>
  )
}

/** The same for a list of choices. */
export function SelectField({ label, hint, mistake, ...select }: Omit<ComponentProps<typeof Select>, 'size'> & Labelling) {
  const { labelling, control } = useLabelling({ label, hint, mistake })
  return (
    <Labelled {...labelling}>
      <Select {...select} {...control} size="field" />
    </Labelled>
  )
}

interface LabelledProps extends Labelling {
  id: string
  children: ReactNode
}

function Labelled({ id, label, hint, mistake, children }: LabelledProps) {
  const note = mistake ?? hint
  return (
    <div className="mt-4">
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      {children}
      {note && (
        <p id={`${id}-note`} className={`mt-1.5 text-small ${mistake ? 'text-bad' : 'text-ink-3'}`}>
          {note}
        </p>
      )}
    </div>
  )
}

function useLabelling(words: Labelling) {
  const id = useId()
  const control = {
    id,
    'aria-invalid': words.mistake ? true : undefined,
    'aria-describedby': (words.mistake ?? words.hint) ? `${id}-note` : undefined,
  }
  return { labelling: { ...words, id }, control }
}
