import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useTitle } from '#theme/use-title.ts'
import { countWords } from './count-words.ts'

/** '(3) General · Belfry' */
export function pageTitle(place: string, unread: number): string {
  const name = place === '' || place === 'Belfry' ? 'Belfry' : `${place} · Belfry`
  return unread > 0 ? `(${countWords(unread)}) ${name}` : name
}

/** Names the page in the browser's tab, with how many notifications are unread. */
export function usePageTitle(place: string): void {
  const { unread } = useObservable(useAccount().belfry.inbox.view).counts
  useTitle(pageTitle(place, unread))
}
