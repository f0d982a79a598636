import { type ComponentProps, useId } from 'react'

type FieldProps = ComponentProps<'input'> & { label: string; hint?: string | undefined; mistake?: string | undefined }

/** A labelled input, with a hint that a mistake replaces. */
export function Field({ label, hint, mistake, ...input }: FieldProps) {
  const id = useId()
  const note = mistake ?? hint
  return (
    <div className="mt-4">
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        aria-invalid={mistake ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        className="h-11 w-full rounded-medium border border-edge bg-ground px-3 text-touch outline-none focus:border-accent focus:ring-3 focus:ring-halo aria-invalid:border-bad"
      />
      {note && (
        <p id={`${id}-note`} className={`mt-1.5 text-small ${mistake ? 'text-bad' : 'text-ink-3'}`}>
          {note}
        </p>
      )}
    </div>
  )
}
