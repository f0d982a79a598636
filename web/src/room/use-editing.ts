import { useEffect, useRef, useState } from 'react'
import type { RoomView } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { tell } from '#shell/notice.tsx'
import type { ComposerHandle } from './composer.tsx'
import { editDraft, takeDraft } from './draft.ts'

/** Which message is open for change. When it goes away meanwhile, what was written moves to the composer. */
export function useEditing(view: RoomView, box: ComposerHandle) {
  const { user } = useAccount()
  const [editing, setEditing] = useState<string | null>(null)
  const isGone = useIsGone(view, editing)

  useEffect(() => {
    if (editing === null || !isGone) return
    setEditing(null)
    const text = takeDraft(user.id, editDraft(editing))
    if (text !== null) {
      box.add(text)
      tell('The message was deleted elsewhere. What you were writing stands in the box below.')
    }
    box.focus()
  }, [editing, isGone, user.id, box])

  return [editing, setEditing] as const
}

/** Whether this message is no more. One that is merely far from what is shown stays open, and is there again on the way back. */
function useIsGone(view: RoomView, id: string | null): boolean {
  const { is, items, latest } = view
  const seen = useRef<{ id: string; n: number | null } | null>(null)
  if (id === null || is !== 'ready') return false
  const item = [...items, ...latest].find((one) => one.id === id)
  if (item) seen.current = { id, n: item.n }
  if (item) return false
  const n = seen.current?.id === id ? seen.current.n : null
  return n === null || wouldShow(view, n)
}

function wouldShow({ items, latest, earlier, later }: RoomView, n: number): boolean {
  const first = earlier ? (items[0]?.n ?? Infinity) : 0
  const last = later ? (items.at(-1)?.n ?? 0) : Infinity
  return (n >= first && n <= last) || n >= (latest[0]?.n ?? Infinity)
}
