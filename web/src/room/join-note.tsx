import { useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { Button } from '#theme/button.tsx'

/** In the place of the composer, for whoever may read the room and is not in it. */
export function JoinNote({ room, roomName }: { room: RoomHandle; roomName: string }) {
  const [isJoining, setJoining] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  async function join(): Promise<void> {
    setJoining(true)
    setFailure(null)
    try {
      await room.join()
    } catch (error) {
      setFailure(refusalWords(error))
      setJoining(false)
    }
  }

  return (
    <div className="px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))] desk:px-6 desk:pb-4">
      {failure && (
        <p role="alert" className="px-2 pb-2 text-small text-bad">
          {failure}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-large border border-line bg-side px-4 py-2.5">
        <p className="min-w-0 flex-1 basis-60 text-ink-2">You can read {roomName}. To write here, join it.</p>
        <Button look="main" disabled={isJoining} onClick={() => void join()}>
          Join {roomName}
        </Button>
      </div>
    </div>
  )
}
