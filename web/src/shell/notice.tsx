import { useEffect } from 'react'
import { source } from '@belfry/client/observable.ts'
import { useObservable } from '#account/observe.ts'
import { IconButton } from '#theme/button.tsx'

const SHOWN_FOR_MS = 10_000

const notice = source<{ text: string } | null>(null)

/** Says in one sentence, wherever one is, what did not work or what became of something. */
export function tell(text: string): void {
  notice.set({ text })
}

/** Does what a click asks for; when it cannot be done, says why. Answers whether it was done. */
export function attempt(act: () => void): boolean {
  try {
    act()
    return true
  } catch (error) {
    // Too much waits in the outbox already: its sentence says so.
    tell(error instanceof Error ? error.message : String(error))
    return false
  }
}

export function Notice() {
  const shown = useObservable(notice)
  useEffect(() => {
    if (!shown) return
    const timer = setTimeout(() => notice.set(null), SHOWN_FOR_MS)
    return () => clearTimeout(timer)
  }, [shown])

  return (
    <div role="alert" className="pointer-events-none fixed inset-x-3 bottom-24 z-40 flex justify-center">
      {shown && (
        <div className="pointer-events-auto flex animate-rise items-center gap-2 rounded-large border border-line bg-raised py-1.5 pr-1.5 pl-4 text-small shadow-float">
          {shown.text}
          <IconButton icon="close" label="Close" size="small" onClick={() => notice.set(null)} />
        </div>
      )}
    </div>
  )
}
