import { useCallback, useEffect, useRef, useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import type { Member } from '@belfry/protocol/rows.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { useBackOnline } from '#account/use-back-online.ts'
import { settled } from '#account/use-call.ts'

export interface Members {
  items: readonly Member[]
  total: number | null
  failure: string | null
  /** Null: all are there. */
  more: (() => void) | null
  /** Asks anew, from the start. */
  again: () => void
  /** One of them is another now, or (endedAt) none any more. */
  changed: (member: Member) => void
}

interface Loaded {
  items: readonly Member[]
  next: string | null
  total: number | null
}

/** The members of a room, page by page. */
export function useMembers(room: RoomHandle): Members {
  const { belfry } = useAccount()
  const [loaded, setLoaded] = useState<Loaded>({ items: [], next: null, total: null })
  const [failure, setFailure] = useState<string | null>(null)
  const asked = useRef(0)

  const load = useCallback(
    async (from: Loaded | null) => {
      const attempt = ++asked.current
      try {
        await settled(belfry.connection)
        const { items, next, total } = await room.members(from?.next ? { cursor: from.next } : {})
        if (attempt !== asked.current) return
        setLoaded({ items: [...(from?.items ?? []), ...items], next, total })
        setFailure(null)
      } catch (error) {
        if (attempt === asked.current) setFailure(refusalWords(error))
      }
    },
    [belfry, room],
  )
  const again = useCallback(() => void load(null), [load])
  useEffect(again, [again])
  useBackOnline(() => failure !== null && again())

  const changed = useCallback((member: Member) => setLoaded((now) => withMember(now, member)), [])

  return { ...loaded, failure, again, changed, more: loaded.next === null ? null : () => void load(loaded) }
}

function withMember({ items, total, next }: Loaded, member: Member): Loaded {
  if (member.endedAt === null) return { items: items.map((one) => (one.id === member.id ? member : one)), total, next }
  return { items: items.filter(({ id }) => id !== member.id), total: total && total - 1, next }
}
