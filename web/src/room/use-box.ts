import { type RefObject, useMemo } from 'react'
import { useAccount } from '#account/use-account.ts'
import type { ComposerHandle } from './composer.tsx'
import { addToDraft, roomDraft } from './draft.ts'

/** The composer of a room. While there is none (one only reads there), what is put into it is kept for when there is one again. */
export function useBox(roomId: string, composer: RefObject<ComposerHandle | null>): ComposerHandle {
  const { user } = useAccount()
  return useMemo(
    () => ({
      focus: () => composer.current?.focus(),
      isEmpty: () => composer.current?.isEmpty() ?? true,
      add: (text) => (composer.current ? composer.current.add(text) : addToDraft(user.id, roomDraft(roomId), text)),
    }),
    [user.id, roomId, composer],
  )
}
