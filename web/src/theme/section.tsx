import { type ReactNode, type Ref, useId } from 'react'

interface SectionProps {
  title: string
  /** For the focus, when what had it is gone. */
  heading?: Ref<HTMLHeadingElement>
  lead?: ReactNode
  /** Stands across from the title. */
  action?: ReactNode
  children?: ReactNode
}

/** A part of a page of forms and lists. */
export function Section({ title, heading, lead, action, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-line py-6 not-first:border-t first:pt-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 ref={heading} id={id} tabIndex={heading ? -1 : undefined} className="mr-auto min-h-8 text-large leading-8 font-bold">
          {title}
        </h2>
        {action}
      </div>
      {lead && <p className="mt-1 max-w-[66ch] text-ink-2">{lead}</p>}
      {children}
    </section>
  )
}
