import { useEffect } from 'react'
import { type Observable, source } from '@belfry/client/observable.ts'

const count = source(0)

/** How many inboxes stand open on this page: where one looks already, nothing has to pop up. */
export const openInboxes: Observable<number> = count

export function useInboxIsOpen(): void {
  useEffect(() => {
    count.set(count.get() + 1)
    return () => count.set(count.get() - 1)
  }, [])
}
