import { useSyncExternalStore } from 'react'
import type { Observable } from '@belfry/client/observable.ts'

/** What it holds now; the component renders again when that changes. */
export function useObservable<T>({ subscribe, get }: Observable<T>): T {
  return useSyncExternalStore(subscribe, get)
}
