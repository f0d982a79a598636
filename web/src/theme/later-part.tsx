import { type ComponentType, useCallback, useEffect, useState } from 'react'
import { TextButton } from './button.tsx'
import { FailedLine } from './failed-line.tsx'

const preloads: (() => void)[] = []

/** Fetches every later part, so that it is there when the network is not. */
export function preloadLaterParts(): void {
  for (const preload of preloads) preload()
}

/**
 * A part of the page whose code comes after what is seen first. `React.lazy` would keep a failure for ever and throw it
 * at the whole page; here it is said where the part was asked for, and the next attempt begins afresh.
 * What only few need, and nobody offline, is not preloaded.
 */
export function laterPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { isPreloaded = true } = {},
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  async function fetchPart(): Promise<void> {
    loaded ??= await load()
  }
  // What fails here is tried again, and told, when it is needed.
  if (isPreloaded) preloads.push(() => void fetchPart().catch(() => undefined))

  return function LaterPart(props: Props) {
    const { failures, tryAgain } = useFetched(fetchPart, loaded !== null)
    if (loaded) {
      const Part = loaded
      return <Part {...props} />
    }
    return failures > 0 ? <LaterFailed failures={failures} onTryAgain={tryAgain} /> : null
  }
}

/** Counts in vain attempts; renders again when one has succeeded. */
function useFetched(fetchPart: () => Promise<void>, isThere: boolean) {
  const [failures, setFailures] = useState(0)
  const [, setArrived] = useState(isThere)
  const tryAgain = useCallback(() => {
    fetchPart().then(
      () => setArrived(true),
      () => setFailures((count) => count + 1),
    )
  }, [fetchPart])

  useEffect(() => {
    if (!isThere) tryAgain()
  }, [isThere, tryAgain])
  return { failures, tryAgain }
}

function LaterFailed({ failures, onTryAgain }: { failures: number; onTryAgain: () => void }) {
  return (
    <div className="pointer-events-none fixed inset-x-3 bottom-24 z-40 flex justify-center">
      <p
        role="alert"
        className="pointer-events-auto rounded-large border border-line bg-raised px-4 py-2.5 text-small text-ink-2 shadow-float"
      >
        <FailedLine onTryAgain={onTryAgain}>This part of the page could not be loaded.</FailedLine>
        {/* Some browsers remember that a script failed, and a newer Belfry may have replaced it. */}
        {failures > 1 && (
          <>
            {' · '}
            <TextButton onClick={() => location.reload()} className="text-accent">
              Reload
            </TextButton>
          </>
        )}
      </p>
    </div>
  )
}
