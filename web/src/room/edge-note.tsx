import { FailedLine } from '#theme/failed-line.tsx'
import type { Loading } from './use-edges.ts'

/** Floats over an end of the list: coming and going, it moves nothing. */
export function EdgeNote({ of, loading }: { of: 'earlier' | 'later'; loading: Loading }) {
  if (loading.is === 'idle') return null
  return (
    <div
      className={`pointer-events-none absolute inset-x-0 z-10 flex justify-center px-4 ${of === 'earlier' ? 'top-11' : 'bottom-14 coarse:bottom-16'}`}
    >
      <p
        role="status"
        className={`pointer-events-auto rounded-full border border-line bg-raised px-4 py-1.5 text-small text-ink-2 shadow-float ${loading.is === 'loading' ? 'animate-later' : ''}`}
      >
        {loading.is === 'loading' ? (
          `Loading ${of} messages…`
        ) : (
          <FailedLine onTryAgain={loading.load}>{of === 'earlier' ? 'Earlier' : 'Later'} messages could not be loaded.</FailedLine>
        )}
      </p>
    </div>
  )
}
