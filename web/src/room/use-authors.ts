import { useEffect } from 'react'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { useObservable } from '#account/observe.ts'

/** Names by user id; those not known yet are asked for. */
export function useAuthors(items: readonly TimelineItem[]): (userId: string) => string {
  const { user, belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  useEffect(() => {
    for (const id of new Set(items.map((item) => item.authorId))) if (!known.has(id)) belfry.people.ask(id)
  }, [items, known, belfry])

  return (userId) => known.get(userId)?.name ?? (userId === user.id ? user.name : '…')
}
