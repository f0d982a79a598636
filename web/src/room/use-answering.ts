import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { kept, keptKey } from '#account/kept.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { tell } from '#shell/notice.tsx'
import type { Answering } from './answering-note.tsx'
import { BLOCKED_TEXT } from './message-body.ts'
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
  const blocked = useObservable(useAccount().belfry.blocked)

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
  const [authorId, body] = [message?.authorId ?? '', message?.body ?? '']
  return [{ id, author: author(authorId).name, body: blocked.has(authorId) ? BLOCKED_TEXT : body, onEnd: () => setId(null) }, setId]
}

/** Kept beside the draft, which it belongs to. */
function useKeptId(roomId: string): [string | null, (id: string | null) => void] {
  const key = keptKey(useAccount().user.id, `answer:${roomId}`)
  const [id, setId] = useState(() => kept.get(key))
  const held = useRef(id)
  const keep = useCallback(
    (next: string | null) => {
      // What another tab answers stays.
      if (next !== null) kept.set(key, next)
      else if (kept.get(key) === held.current) kept.remove(key)
      held.current = next
      setId(next)
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
