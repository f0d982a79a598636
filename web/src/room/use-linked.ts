import { useCallback, useEffect, useState } from 'react'
import { type Found, RefusalError, type RoomHandle } from '@belfry/client/belfry.ts'

/** What became of the message that the address leads to. */
export type Linked =
  | { is: 'none' }
  | { is: 'seeking'; id: string }
  /** `n`: its number; of a deleted one only what stands around it is to be seen. */
  | { is: 'shown' | 'deleted'; id: string; n: number }
  | { is: 'absent'; id: string }
  | { is: 'failed'; id: string }

const NO_LINK: Linked = { is: 'none' }

export interface Link {
  linked: Linked
  tryAgain: () => void
}

/** Shows the message with this id, and again at each visit. `null`: no address leads to a message. */
export function useLinked(room: RoomHandle, id: string | null, visit: number): Link {
  const [linked, setLinked] = useState<Linked>(id === null ? NO_LINK : { is: 'seeking', id })
  const [tries, setTries] = useState(0)

  useEffect(() => {
    if (id === null) return setLinked(NO_LINK)
    let isOld = false
    const tell = (next: Linked) => isOld || setLinked(next)
    tell({ is: 'seeking', id })
    room.showAround(id).then(
      (found) => tell(whatIs(found, id)),
      (error: unknown) => tell({ is: isAbsent(error) ? 'absent' : 'failed', id }),
    )
    return () => {
      isOld = true
    }
  }, [room, id, visit, tries])

  return { linked, tryAgain: useCallback(() => setTries((count) => count + 1), []) }
}

function whatIs(found: Found, id: string): Linked {
  return found.is === 'left' ? { is: 'none' } : { ...found, id }
}

/** An id that no message can have is as good as one that none has. */
function isAbsent(error: unknown): boolean {
  return error instanceof RefusalError && (error.code === 'not-found' || error.code === 'malformed')
}
