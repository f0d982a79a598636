import type { RoomHandle } from '@belfry/client/belfry.ts'
import { tell } from '#shell/notice.tsx'
import { Icon } from '#theme/icons.tsx'
import { countWords } from '#shell/count-words.ts'
import type { Reader } from './reader.ts'

interface NewAboveProps {
  room: RoomHandle
  reader: Reader
  /** Up to which number all is read. */
  behind: number
  unread: number
}

/** Leads up to the first message that one has not read, where that has to be loaded. */
export function NewAbove({ room, reader, behind, unread }: NewAboveProps) {
  function go(): void {
    reader.seekNew(true)
    room.showNumber(behind + 1).catch(() => {
      reader.seekNew(false)
      tell('What is new could not be loaded. Try again when you are connected.')
    })
  }

  return (
    <button
      type="button"
      onClick={go}
      className="absolute top-12 left-1/2 z-20 flex h-9 -translate-x-1/2 animate-rise items-center gap-1.5 rounded-full border border-line bg-raised pr-4 pl-3 text-small font-bold whitespace-nowrap text-bell shadow-float hover:bg-hover coarse:h-11"
    >
      <Icon name="up" className="size-4.5" />
      {unread > 0 ? `${countWords(unread)} new above` : 'New messages above'}
    </button>
  )
}
