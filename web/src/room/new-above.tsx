import type { RoomHandle } from '@belfry/client/belfry.ts'
import { tell } from '#shell/notice.tsx'
import { Icon } from '#theme/icons.tsx'
import { countWords } from '#shell/count-words.ts'
import { type NewLineState, numberBelow } from './use-new-line.ts'

interface NewAboveProps {
  room: RoomHandle
  line: NewLineState
  /** Up to which number all is read. */
  behind: number
  unread: number
  onRead: () => void
}

/** Leads up to the first message that one has not read, where that stands above the view. Until one goes there, or says so, nothing is read. */
export function NewAbove({ room, line, behind, unread, onRead }: NewAboveProps) {
  function go(): void {
    const loaded = room.showNumber(numberBelow(behind))
    line.seek(loaded)
    loaded.catch(() => tell('What is new could not be loaded. Try again when you are connected.'))
  }

  return (
    <div className="absolute top-12 left-1/2 z-20 flex -translate-x-1/2 animate-rise items-center rounded-full border border-line bg-raised text-small shadow-float">
      <button
        type="button"
        onClick={go}
        className="flex h-9 items-center gap-1.5 rounded-l-full pr-2 pl-3 font-bold whitespace-nowrap text-bell hover:bg-hover coarse:h-11"
      >
        <Icon name="up" className="size-4.5" />
        {words(unread)}
      </button>
      <button
        type="button"
        aria-label="Mark all as read"
        title="Mark all as read (Esc)"
        onClick={onRead}
        className="grid h-9 w-9 place-items-center rounded-r-full text-ink-2 hover:bg-hover coarse:h-11 coarse:w-11"
      >
        <Icon name="close" className="size-4" />
      </button>
    </div>
  )
}

/** Some of them may be in view: the first is not. */
function words(unread: number): string {
  if (unread === 0) return 'To what is new'
  return unread === 1 ? 'To the new message' : `To the first of ${countWords(unread)} new`
}
