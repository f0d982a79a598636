import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useFavicon } from '#theme/use-favicon.ts'
import { useTitle } from '#theme/use-title.ts'
import { pageIcon } from './page-icon.ts'
import { pageTitle } from './page-title.ts'
import { hasNews } from './room-sections.ts'
import { useIsCovered } from './use-is-covered.ts'

/** Names the page in the browser's tab, with what waits for its reader; the icon says it too. */
export function usePageTitle(place: string): void {
  const { inbox, rooms } = useAccount().belfry
  const { unread: notifications } = useObservable(inbox.view).counts
  const messages = useObservable(rooms.list).items.reduce((sum, room) => sum + (hasNews(room) ? room.unread : 0), 0)
  useTitle(pageTitle(useIsCovered() ? 'Rooms' : place, { notifications, messages }))
  useFavicon(pageIcon({ notifications, messages }))
}
