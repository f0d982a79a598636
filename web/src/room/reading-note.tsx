import type { ReactNode } from 'react'

/** In the place of the composer, where one reads and does not write: why, and what one can do. */
export function ReadingNote({ failure, action, children }: { failure?: string | null; action?: ReactNode; children: ReactNode }) {
  return (
    <div className="px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))] desk:px-6 desk:pb-4">
      {failure && (
        <p role="alert" className="px-2 pb-2 text-small text-bad">
          {failure}
        </p>
      )}
      <div className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-2 rounded-large border border-line bg-side px-4 py-2.5">
        <p className="min-w-0 flex-1 basis-60 text-ink-2">{children}</p>
        {action}
      </div>
    </div>
  )
}
