import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import type { Member } from '@belfry/protocol/rows.ts'
import { lookedWords } from '#account/refusal-words.ts'
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

export interface Loaded {
  items: readonly Member[]
  next: string | null
  total: number | null
  /** As of which seq of the room. */
  seq: number
}

/** Many may come at once. */
const ASK_AGAIN_AFTER_MS = 300
/** So many pages are asked for anew; whoever has more open goes on from there. */
const PAGES_ANEW_MAX = 5

const NOBODY: Loaded = { items: [], next: null, total: null, seq: 0 }

/** The members of a room, page by page; asked for anew when somebody comes, goes or gets another role. `membersChanged`: when that was, as a seq of the room. */
export function useMembers(room: RoomHandle, membersChanged: number): Members {
  const { belfry } = useAccount()
  const { loaded, newest, show, changed } = useShown()
  const [failure, setFailure] = useState<string | null>(null)
  const asked = useRef(0)
  const work = useRef(Promise.resolve())
  /** What stands there is old, and could not be asked for anew. */
  const isStale = useRef(false)

  const load = useCallback(
    async (asks: (ask: AskMembers) => Promise<Loaded | null>): Promise<'answered' | 'failed'> => {
      try {
        await settled(belfry.connection)
        const read = await asks((page) => room.members(page))
        if (read) show(read)
        setFailure(null)
        return 'answered'
      } catch (error) {
        setFailure(lookedWords(error))
        return 'failed'
      }
    },
    [belfry, room, show],
  )
  // One after the other: what is asked for goes on from what was answered before.
  const again = useCallback(() => {
    const attempt = ++asked.current
    const isWanted = () => attempt === asked.current
    work.current = work.current.then(async () => {
      const outcome = await load((ask) => pagesAnew(ask, { atLeast: newest.current.items.length, isWanted }))
      isStale.current = outcome === 'failed'
    })
  }, [load, newest])
  const more = useCallback(() => {
    // To go on from what is old would hide that it is.
    if (isStale.current) again()
    work.current = work.current.then(async () => {
      if (isStale.current) return
      await load(async (ask) => (newest.current.next === null ? null : nextPage(ask, newest.current)))
    })
  }, [load, newest, again])
  useEffect(again, [again])
  useBackOnline(() => failure !== null && again())

  const isOld = useEffectEvent(() => loaded.total !== null && membersChanged > loaded.seq)
  useEffect(() => {
    const timer = setTimeout(() => isOld() && again(), ASK_AGAIN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [membersChanged, again])

  return { ...loaded, failure, again, changed, more: loaded.next === null ? null : more }
}

/** What stands there, with what was changed here as far as no answer knows of it. `newest`: the same between two drawings. */
function useShown() {
  const [loaded, setLoaded] = useState(NOBODY)
  const newest = useRef(NOBODY)
  const changes = useRef<readonly Member[]>([])

  const show = useCallback((next: Loaded) => {
    newest.current = withNewer(next, changes.current)
    setLoaded(newest.current)
  }, [])
  const changed = useCallback(
    (member: Member) => {
      changes.current = [...changes.current, member]
      show(newest.current)
    },
    [show],
  )
  return { loaded, newest, show, changed }
}

type AskMembers = (page: { cursor?: string }) => Promise<Loaded>

/** All is as of the first page: what changes meanwhile is newer than its seq, and asked for again. */
export async function nextPage(ask: AskMembers, { items, next, seq, total }: Loaded): Promise<Loaded> {
  const page = await ask(next ? { cursor: next } : {})
  return { items: [...items, ...page.items], next: page.next, total: total ?? page.total, seq: seq || page.seq }
}

/** From the start, until there are as many as that. Null: it is asked for anew by now. */
export async function pagesAnew(
  ask: AskMembers,
  { atLeast, isWanted }: { atLeast: number; isWanted: () => boolean },
): Promise<Loaded | null> {
  let read = NOBODY
  for (let pages = 0; pages < PAGES_ANEW_MAX && isWanted(); pages += 1) {
    read = await nextPage(ask, read)
    if (read.next === null || read.items.length >= atLeast) break
  }
  return isWanted() ? read : null
}

/** Those of these changes that are newer than the answer: each in place of what stood there, or (endedAt) away. Of who is not there nothing changes. */
export function withNewer(loaded: Loaded, changes: readonly Member[]): Loaded {
  return changes.filter(({ changed }) => changed > loaded.seq).reduce(withMember, loaded)
}

function withMember(loaded: Loaded, member: Member): Loaded {
  const { items, total } = loaded
  if (!items.some(({ id }) => id === member.id)) return loaded
  if (member.endedAt === null) return { ...loaded, items: items.map((one) => (one.id === member.id ? member : one)) }
  return { ...loaded, items: items.filter(({ id }) => id !== member.id), total: total && total - 1 }
}
