import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { kept, keptKey } from '#account/kept.ts'
import { useAccount } from '#account/use-account.ts'
import { tell } from '#shell/notice.tsx'
import type { Answering } from './answering-note.tsx'
import { useAuthors } from './use-authors.ts'

/** The message that is answered, wherever its reader goes meanwhile, also after a reload; until it is deleted, or seen no more, which is said. */
export function useAnswering(room: RoomHandle, { quoted }: RoomView): [Answering | null, (id: string | null) => void] {
  const [id, setId] = useKeptId(room.id)
  // While it is fetched anew it stays as it was.
  const [last, setLast] = useState<Message | null>(null)
  const now = id === null ? undefined : quoted.get(id)
  const lost = lostWords(now)
  if (now && lost === null && now !== last) setLast(now)
  const message = last?.id === id ? last : null
  const author = useAuthors(useMemo(() => (message ? [message] : []), [message]))

  useLayoutEffect(() => {
    room.answers(id)
    return () => room.answers(null)
  }, [room, id])
  useEffect(() => {
    if (lost === null) return
    setId(null)
    tell(lost)
  }, [lost, setId])

  if (id === null || lost !== null) return [null, setId]
  return [{ id, author: author(message?.authorId ?? '').name, body: message?.body ?? '', onEnd: () => setId(null) }, setId]
}

/** Kept beside the draft, which it belongs to. */
function useKeptId(roomId: string): [string | null, (id: string | null) => void] {
  const key = keptKey(useAccount().user.id, `answer:${roomId}`)
  const [id, setId] = useState(() => kept.get(key))
  const keep = useCallback(
    (next: string | null) => {
      setId(next)
      if (next === null) kept.remove(key)
      else kept.set(key, next)
    },
    [key],
  )
  return [id, keep]
}

/** Null: it stands, or is not known yet. */
function lostWords(message: Message | null | undefined): string | null {
  if (message === null) return 'You do not see the message any more that you were answering.'
  return message === undefined || message.deletedAt === null ? null : 'The message that you were answering was deleted.'
}
