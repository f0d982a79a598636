import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { newestChange, withNews } from './live-people.ts'
import { useAsked } from './use-asked.ts'
import { usePages } from './use-pages.ts'

export type PeopleState = 'local' | 'active' | 'disabled' | 'imported'

export const PAGE_SIZE = 50

const ASKED_AGAIN_AFTER_MS = 500

/** A page of accounts that follows what happens to them: known rows at once, who comes or goes a moment later. */
export function usePeople(search: { query: string; state: PeopleState }) {
  const { known } = useAccount().belfry.people
  const told = useObservable(known)
  const pages = usePages(JSON.stringify(search))
  const asked = useAsked('user.search', {
    ...(search.query && { query: search.query }),
    state: search.state,
    ...(pages.cursor && { cursor: pages.cursor }),
    limit: PAGE_SIZE,
  })
  useAgainWhenToldOf(newestChange(told), asked.again)
  const people = useMemo(() => withNews(asked.value?.items ?? [], told), [asked.value, told])
  return { asked, search, pages, people, total: asked.isAway ? null : (asked.value?.total ?? null) }
}

/** Many changes one after the other, as in an import, are waited for. */
function useAgainWhenToldOf(newest: number, again: () => void): void {
  const askedAt = useRef(newest)
  const ask = useEffectEvent(again)
  useEffect(() => {
    if (newest === askedAt.current) return
    const timer = setTimeout(() => {
      askedAt.current = newest
      ask()
    }, ASKED_AGAIN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [newest])
}
