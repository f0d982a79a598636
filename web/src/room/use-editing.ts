import { type RefObject, useEffect, useState } from 'react'
import type { RoomView } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { tell } from '#shell/notice.tsx'
import type { ComposerHandle } from './composer.tsx'
import { editDraft, takeDraft } from './draft.ts'

/** Which message is open for change. When it goes away meanwhile, what was written moves to the composer. */
export function useEditing({ is, items }: RoomView, composer: RefObject<ComposerHandle | null>) {
  const { user } = useAccount()
  const [editing, setEditing] = useState<string | null>(null)
  const isGone = editing !== null && is === 'ready' && !items.some((item) => item.id === editing)

  useEffect(() => {
    if (editing === null || !isGone) return
    setEditing(null)
    const text = takeDraft(user.id, editDraft(editing))
    if (text !== null) {
      composer.current?.add(text)
      tell('The message was deleted elsewhere. What you were writing stands in the box below.')
    }
    composer.current?.focus()
  }, [editing, isGone, user.id, composer])

  return [editing, setEditing] as const
}
