import { FailedLine } from '#theme/failed-line.tsx'
import type { Earlier } from './use-earlier.ts'

/** Floats over the top of the list: coming and going, it moves nothing. */
export function EarlierNote({ earlier }: { earlier: Earlier }) {
  if (earlier.is === 'idle') return null
  return (
    <div className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center px-4">
      <p
        role="status"
        className={`pointer-events-auto rounded-full border border-line bg-raised px-4 py-1.5 text-small text-ink-2 shadow-float ${earlier.is === 'loading' ? 'animate-later' : ''}`}
      >
        {earlier.is === 'loading' ? (
          'Loading earlier messages…'
        ) : (
          <FailedLine onTryAgain={earlier.load}>Earlier messages could not be loaded.</FailedLine>
        )}
      </p>
    </div>
  )
}
