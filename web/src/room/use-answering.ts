import { useEffect, useLayoutEffect, useMemo, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { tell } from '#shell/notice.tsx'
import type { Answering } from './answering-note.tsx'
import { useAuthors } from './use-authors.ts'

/** The message that is answered, wherever its reader goes meanwhile; until it is deleted, which is said. */
export function useAnswering(room: RoomHandle, { quoted }: RoomView): [Answering | null, (id: string | null) => void] {
  const [id, setId] = useState<string | null>(null)
  // While it is fetched anew it stays as it was.
  const [last, setLast] = useState<Message | null>(null)
  const now = id === null ? undefined : quoted.get(id)
  const isDeleted = now === null || (now !== undefined && now.deletedAt !== null)
  if (now && !isDeleted && now !== last) setLast(now)
  const message = last?.id === id && !isDeleted ? last : null
  const author = useAuthors(useMemo(() => (message ? [message] : []), [message]))

  useLayoutEffect(() => {
    room.answers(id)
    return () => room.answers(null)
  }, [room, id])
  useEffect(() => {
    if (!isDeleted) return
    setId(null)
    tell('The message that you were answering was deleted.')
  }, [isDeleted])

  if (message === null) return [null, setId]
  return [{ id: message.id, author: author(message.authorId).name, body: message.body, onEnd: () => setId(null) }, setId]
}
