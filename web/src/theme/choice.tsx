import type { ComponentProps, ReactNode } from 'react'

type ChoiceProps = Omit<ComponentProps<'input'>, 'type'> & { type: 'radio' | 'checkbox'; title: string; children?: ReactNode }

/** One of several choices, with a sentence that says what it means. */
export function Choice({ title, children, ...input }: ChoiceProps) {
  return (
    <label className="flex min-h-11 cursor-pointer items-start gap-3 rounded-medium border border-line px-3.5 py-2.5 has-checked:border-accent has-checked:bg-selected/40 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent has-disabled:cursor-default">
      <input {...input} className="mt-1 size-4 flex-none outline-none" />
      <span className="min-w-0">
        <span className="block font-medium">{title}</span>
        {children && <span className="mt-0.5 block text-small text-ink-2">{children}</span>}
      </span>
    </label>
  )
}

/** Choices that belong together, under one question. */
export function Choices({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="mt-4">
      <legend className="mb-1.5 font-medium">{legend}</legend>
      <div className="flex flex-col gap-2">{children}</div>
    </fieldset>
  )
}
