import { useEffect } from 'react'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { useAccount } from '#account/use-account.ts'
import { useObservable } from '#account/observe.ts'

/** What a message shows of its author. */
export type Author = Pick<User, 'name' | 'picture' | 'importedFrom'>

const UNKNOWN: Author = { name: '…', picture: null, importedFrom: null }

/** Who wrote, by user id; those not known yet are asked for. */
export function useAuthors(items: readonly Pick<TimelineItem, 'authorId'>[]): (userId: string) => Author {
  const { user, belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  // Also those who are known: whoever is shown is kept.
  useEffect(() => {
    for (const id of new Set(items.map((item) => item.authorId))) belfry.people.ask(id)
  }, [items, known, belfry])

  return (userId) => known.get(userId) ?? (userId === user.id ? user : UNKNOWN)
}
