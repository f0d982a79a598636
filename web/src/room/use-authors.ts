import { useEffect } from 'react'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import { useObservable } from '#account/observe.ts'

/** Names and pictures by user id; those not known yet are asked for. */
export function useAuthors(items: readonly TimelineItem[]) {
  const { user, belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  useEffect(() => {
    for (const id of new Set(items.map((item) => item.authorId))) if (!known.has(id)) belfry.people.ask(id)
  }, [items, known, belfry])

  const find = (userId: string) => known.get(userId) ?? (userId === user.id ? user : null)
  return {
    name: (userId: string) => find(userId)?.name ?? '…',
    picture: (userId: string) => find(userId)?.picture ?? null,
  }
}
