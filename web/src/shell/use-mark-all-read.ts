import { useCallback } from 'react'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { settled } from '#account/use-call.ts'
import { News } from './news.ts'
import { tell } from './notice.tsx'

/** Somebody here marks all rooms as read. */
export const allRead = new News()

/** Reads all rooms; says so where it could not be done. */
export function useMarkAllRead(): () => void {
  const { belfry } = useAccount()
  return useCallback(() => {
    allRead.tell()
    const done = settled(belfry.connection).then(() => belfry.rooms.markAllRead())
    done.catch((error: unknown) => tell(refusalWords(error)))
  }, [belfry])
}
