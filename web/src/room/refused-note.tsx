import { Link } from 'wouter'
import type { RefusedChange, RoomHandle } from '@belfry/client/belfry.ts'
import { roomPath } from '#account/paths.ts'
import { attempt } from '#shell/notice.tsx'
import { TextButton } from '#theme/button.tsx'
import { GIVE_UP } from './message-state.tsx'

interface RefusedNoteProps {
  room: RoomHandle
  refused: readonly RefusedChange[]
  /** The last of them is given up. */
  onNoMore: () => void
}

/** What was refused of messages that are not on the screen, one after the other: beside them nobody would see it. */
export function RefusedNote({ room, refused, onNoMore }: RefusedNoteProps) {
  const first = refused[0]
  if (!first) return null

  function discard(id: string): void {
    attempt(() => room.discard(id))
    if (refused.length === 1) onNoMore()
  }

  return (
    <div className="flex flex-none flex-wrap items-center gap-x-4 gap-y-1 border-t border-line bg-side px-4 py-2 text-small desk:px-6">
      <p role="status" className="min-w-0 flex-1 basis-60 text-bad">
        {first.wants === 'edit' ? 'A change to another message was not saved.' : 'Another message was not deleted.'} {first.failure}
      </p>
      <Link href={roomPath(room.id, first.id)} className="font-medium text-accent underline underline-offset-2">
        Show the message
      </Link>
      <TextButton onClick={() => discard(first.id)}>{GIVE_UP[first.wants]}</TextButton>
    </div>
  )
}
