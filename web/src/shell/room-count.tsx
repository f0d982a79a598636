import type { ListedRoom } from '@belfry/client/belfry.ts'
import { countWords } from './count-words.ts'

/** Behind a room's name: what calls for one stands out, and else how much is new; of a room of which one wants to hear nothing that is not said. */
export function RoomCount({ room: { unread, mentions, notify } }: { room: ListedRoom }) {
  if (mentions > 0)
    return (
      <span className="ml-auto min-w-5 flex-none rounded-full bg-bell px-1.5 py-px text-center text-meta font-bold text-on-bell tabular-nums">
        <span className="sr-only">, </span>
        {countWords(mentions)}
        <span className="sr-only"> for you</span>
      </span>
    )
  if (unread === 0 || notify === 'nothing') return null
  return (
    <span className="ml-auto flex-none text-meta tabular-nums">
      <span className="sr-only">, </span>
      {countWords(unread)}
      <span className="sr-only"> unread</span>
    </span>
  )
}
