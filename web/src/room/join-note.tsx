import { useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { Button } from '#theme/button.tsx'
import { ReadingNote } from './reading-note.tsx'

interface JoinNoteProps {
  room: RoomHandle
  roomName: string
  /** Whether members write there. */
  mayWrite: boolean
}

/** For whoever may read the room and is not in it. */
export function JoinNote({ room, roomName, mayWrite }: JoinNoteProps) {
  const { isBusy, failure, run } = useDeed(() => room.join())
  return (
    <ReadingNote
      failure={failure}
      action={
        <Button look="main" disabled={isBusy} onClick={run}>
          Join {roomName}
        </Button>
      }
    >
      You can read {roomName}. {mayWrite ? 'To write here, join it.' : 'Join it to see what is new; moderators alone write here.'}
    </ReadingNote>
  )
}

export function ArchivedNote({ room, mayBringBack }: { room: RoomHandle; mayBringBack: boolean }) {
  const { isBusy, failure, run } = useDeed(() => room.update({ archived: false }))
  return (
    <ReadingNote
      failure={failure}
      action={
        mayBringBack && (
          <Button disabled={isBusy} onClick={run}>
            Bring it back
          </Button>
        )
      }
    >
      This room is archived: it can be read, and nobody writes here any more.
    </ReadingNote>
  )
}

/** What works makes the note go. */
function useDeed(deed: () => Promise<void>) {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  async function act(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await deed()
    } catch (error) {
      setFailure(refusalWords(error))
      setBusy(false)
    }
  }

  return { isBusy, failure, run: () => void act() }
}
