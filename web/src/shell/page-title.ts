import { useLocation } from 'wouter'
import { useObservable } from '#account/observe.ts'
import { isRoomsPath } from '#account/paths.ts'
import { useAccount } from '#account/use-account.ts'
import { usePhone } from '#theme/media.ts'
import { useFavicon } from '#theme/use-favicon.ts'
import { useTitle } from '#theme/use-title.ts'
import { countWords } from './count-words.ts'
import { pageIcon } from './page-icon.ts'
import { hasNews } from './room-sections.ts'

/** How much waits for somebody. */
export interface Waiting {
  /** Unread notifications: they are for this person. */
  notifications: number
  /** Unread messages of all rooms. */
  messages: number
}

/** '(3) General · Belfry'; where only rooms have something new: '• General · Belfry' */
export function pageTitle(place: string, { notifications, messages }: Waiting): string {
  const name = place === '' || place === 'Belfry' ? 'Belfry' : `${place} · Belfry`
  if (notifications > 0) return `(${countWords(notifications)}) ${name}`
  return messages > 0 ? `• ${name}` : name
}

/** Names the page in the browser's tab, with what waits for its reader; the icon says it too. */
export function usePageTitle(place: string): void {
  const { inbox, rooms } = useAccount().belfry
  const { unread: notifications } = useObservable(inbox.view).counts
  const messages = useObservable(rooms.list).items.reduce((sum, room) => sum + (hasNews(room) ? room.unread : 0), 0)
  useTitle(pageTitle(useIsCovered() ? 'Rooms' : place, { notifications, messages }))
  useFavicon(pageIcon({ notifications, messages }))
}

/** On a phone the list of rooms lies over the page. */
function useIsCovered(): boolean {
  const [path] = useLocation()
  return usePhone() && isRoomsPath(path)
}
